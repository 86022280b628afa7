import { describe, expect, it } from 'vitest';
import type { DatagramLink } from '../../../src/core/config/configuration.ts';
import { linkId } from '../../../src/core/types.ts';
import { attribute, bindAddress, planReceivers } from '../../../src/io/udp/plan.ts';

describe('receiving sockets for the configured links', () => {
  it('is one, bound to any address, for a single ucast or bcast link', () => {
    for (const link of [ucast('192.168.1.8'), bcast()]) {
      expect(planReceivers([link])).toEqual([
        { family: 4, device: 'eth0', port: 694, bindTo: 'any', refuseBroadcasts: false, links: [link] },
      ]);
    }
  });

  it('is one for several ucast links on a device, and the source address tells the link', () => {
    const links = [ucast('192.168.1.8'), ucast('192.168.1.9')];
    const [plan, ...others] = planReceivers(links);
    expect(others).toEqual([]);
    expect(attribute(plan!, '192.168.1.9')).toBe(links[1]);
    expect(attribute(plan!, '192.168.1.8')).toBe(links[0]);
  });

  it('counts a source that no ucast link names for the first one', () => {
    const links = [ucast('192.168.1.8'), ucast('192.168.1.9')];
    expect(attribute(planReceivers(links)[0]!, '192.168.1.77')).toBe(links[0]);
  });

  it('keeps broadcasts and unicasts on one device apart', () => {
    const [unicast, broadcast] = planReceivers([ucast('192.168.1.8'), bcast()]);
    expect(unicast).toMatchObject({ bindTo: 'any', refuseBroadcasts: true });
    expect(broadcast).toMatchObject({ bindTo: 'broadcast', refuseBroadcasts: false });
    expect(bindAddress(broadcast!, '192.168.1.255')).toBe('192.168.1.255');
    expect(bindAddress(broadcast!, undefined)).toBe(undefined);
    expect(bindAddress(unicast!, '192.168.1.255')).toBe('0.0.0.0');
  });

  it('is one bound to the group for each multicast group', () => {
    const plans = planReceivers([mcast('225.0.0.1'), mcast('225.0.0.2'), ucast('192.168.1.8')]);
    expect(plans.map((plan) => bindAddress(plan, '192.168.1.255'))).toEqual(['225.0.0.1', '225.0.0.2', '0.0.0.0']);
    expect(plans[2]).toMatchObject({ refuseBroadcasts: false });
  });

  it('is one for each device and for each port', () => {
    const links = [
      bcast(),
      { ...bcast(), device: 'eth1' },
      { ...bcast(), port: 695 },
      { ...ucast('10.0.0.1'), device: 'eth1' },
    ];
    expect(planReceivers(links).map(({ device, port, bindTo }) => `${device} ${port} ${bindTo}`)).toEqual([
      'eth0 694 any',
      'eth1 694 broadcast',
      'eth0 695 any',
      'eth1 694 any',
    ]);
  });
});

function ucast(peerAddress: string): DatagramLink {
  return { id: linkId(`ucast/eth0/${peerAddress}`), kind: 'ucast', device: 'eth0', port: 694, peerAddress };
}

function bcast(): DatagramLink {
  return { id: linkId('bcast/eth0'), kind: 'bcast', device: 'eth0', port: 694 };
}

function mcast(group: string): DatagramLink {
  return { id: linkId(`mcast/eth0/${group}`), kind: 'mcast', device: 'eth0', port: 694, group, ttl: 1, loop: false };
}
