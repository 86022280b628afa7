import { describe, expect, it } from 'vitest';
import type { NetworkAddress, NetworkLink, NetworkRoute } from '../../resource-agents/context.ts';
import { IPaddr } from '../../resource-agents/IPaddr.ts';
import { bytesOfAddress, textOfAddress } from '../../resource-agents/ipaddr/address-text.ts';
import { type FakeNetwork, fakeContext, fakeNetwork } from './fake-network.ts';

const link = (index: number, name: string, more: Partial<NetworkLink> = {}): NetworkLink => ({
  index,
  name,
  hardware: Uint8Array.of(2, 0, 0, 0, 0, index),
  up: true,
  loopback: false,
  ethernet: true,
  ...more,
});
const links = [link(1, 'lo', { loopback: true, ethernet: false }), link(2, 'eth0'), link(3, 'eth1', { up: false })];
const address = (text: string, index: number, prefixLength = 24, secondary = false): NetworkAddress => ({
  index,
  family: text.includes(':') ? 'ipv6' : 'ipv4',
  address: bytesOfAddress(text)!,
  prefixLength,
  secondary,
});
const route = (text: string, prefixLength: number, index: number, more: Partial<NetworkRoute> = {}): NetworkRoute => ({
  family: text.includes(':') ? 'ipv6' : 'ipv4',
  destination: bytesOfAddress(text)!,
  prefixLength,
  index,
  viaGateway: false,
  metric: 0,
  ...more,
});
const routes = [
  route('0.0.0.0', 0, 2, { viaGateway: true }),
  route('192.168.0.0', 16, 3),
  route('192.168.1.0', 24, 2, { metric: 5 }),
  route('192.168.1.0', 24, 3, { metric: 9 }),
  route('fd00:1::', 64, 2),
];
const machine = (initial: readonly NetworkAddress[] = [address('192.168.1.6', 2)]): FakeNetwork =>
  fakeNetwork(links, routes, initial);
const held = (network: FakeNetwork): string[] =>
  network.addresses.map((one) => `${textOfAddress(one.address)}/${one.prefixLength} ${one.index}`);

describe('where an address goes', () => {
  it('uses what is written', async () => {
    const network = machine();
    const { context } = fakeContext(network, {
      ip: '192.168.1.100',
      cidr_netmask: '25',
      nic: 'eth0',
      iflabel: 'x',
      broadcast: '192.168.1.200',
    });
    expect(await IPaddr.start(context)).toMatchObject({ exitCode: 0 });
    expect(network.addresses[1]).toMatchObject({
      prefixLength: 25,
      index: 2,
      label: 'eth0:x',
      broadcast: bytesOfAddress('192.168.1.200'),
    });
  });

  it('finds device and netmask by the longest connected route with the lowest metric, and computes the broadcast', async () => {
    const network = machine();
    await IPaddr.start(fakeContext(network, { ip: '192.168.1.100' }).context);
    expect(network.addresses[1]).toMatchObject({
      index: 2,
      prefixLength: 24,
      broadcast: bytesOfAddress('192.168.1.255'),
    });
  });

  it('takes the netmask from a route of the written device', async () => {
    const network = machine();
    await IPaddr.start(fakeContext(network, { ip: '192.168.7.1', nic: 'eth1' }).context);
    expect(network.addresses[1]).toMatchObject({ index: 3, prefixLength: 16 });
  });

  it('uses a route through a gateway only with a written netmask', async () => {
    const refused = await IPaddr.start(fakeContext(machine(), { ip: '10.9.9.9' }).context);
    expect(refused).toMatchObject({
      exitCode: 1,
      reason: 'No connected network contains 10.9.9.9, so no device could be chosen. Write 10.9.9.9/NETMASK/DEVICE.',
    });
    const network = machine();
    await IPaddr.start(fakeContext(network, { ip: '10.9.9.9', cidr_netmask: '32' }).context);
    expect(held(network)).toContain('10.9.9.9/32 2');
  });

  it('places IPv6 addresses by IPv6 routes', async () => {
    const network = machine();
    await IPaddr.start(fakeContext(network, { ip: 'fd00:1::9' }).context);
    expect(held(network)).toContain('fd00:1::9/64 2');
    expect(network.addresses[1]!.broadcast).toBeUndefined();
  });

  it.each([
    [{ ip: '192.168.1.100', nic: 'eth7' }, 5, 'There is no network device eth7'],
    [{ ip: '10.9.9.9', nic: 'eth0' }, 1, 'eth0 has no connected network'],
    [{ ip: '192.168.1.100', nic: 'eth0', iflabel: 'much-too-long' }, 1, undefined],
    [{}, 6, 'No address is given'],
  ])('refuses %j with exit code %i', async (parameters, exitCode, reason) => {
    const answer = await IPaddr.start(fakeContext(machine(), parameters as Record<string, string>).context);
    if (reason === undefined) expect(answer.exitCode).not.toBe(0);
    else expect(answer).toMatchObject({ exitCode, reason: expect.stringContaining(reason) });
  });

  it('is taken away also where the rest was written wrongly', async () => {
    const network = machine([address('192.168.1.6', 2), address('192.168.1.100', 2)]);
    const wrong = { ip: '192.168.1.100', cidr_netmask: '99', nic: 'no/device' };
    expect(await IPaddr.stop(fakeContext(network, wrong).context)).toEqual({ exitCode: 0 });
    expect(held(network)).toEqual(['192.168.1.6/24 2']);
  });

  it('brings a device up that is down', async () => {
    const network = machine();
    await IPaddr.start(fakeContext(network, { ip: '192.168.1.100', nic: 'eth1' }).context);
    expect(network.deeds).toContain('up eth1');
  });
});

describe('starting and stopping', () => {
  const parameters = { ip: '192.168.1.100', cidr_netmask: '24', nic: 'eth0' };

  it('probes, configures, announces, in this order and without waiting', async () => {
    const network = machine();
    const { context, slept } = fakeContext(network, parameters);
    expect(await IPaddr.start(context)).toEqual({ exitCode: 0, announcedUs: 42 });
    expect(network.deeds).toEqual([
      'probe 192.168.1.100 eth0',
      'add 192.168.1.100/24 eth0',
      'announce 192.168.1.100 eth0',
    ]);
    expect(slept).toEqual([]);
  });

  it('announces again after 0.2 and 1 s', async () => {
    const network = machine();
    const { context, background } = fakeContext(network, parameters, { conflictCheck: false });
    await IPaddr.start(context);
    expect(background.map((one) => one.delayMs)).toEqual([200, 1000]);
    for (const { task } of background) await task();
    expect(network.deeds.filter((deed) => deed.startsWith('announce'))).toHaveLength(3);
  });

  it('starting twice configures once and announces again; it does not probe for itself', async () => {
    const network = machine();
    await IPaddr.start(fakeContext(network, parameters).context);
    network.deeds.length = 0;
    expect(await IPaddr.start(fakeContext(network, parameters).context)).toMatchObject({ exitCode: 0 });
    expect(network.deeds).toEqual(['announce 192.168.1.100 eth0']);
  });

  it('stopping removes it, and stopping twice is as good', async () => {
    const network = machine();
    await IPaddr.start(fakeContext(network, parameters).context);
    for (const _ of [1, 2])
      expect(await IPaddr.stop(fakeContext(network, parameters).context)).toEqual({ exitCode: 0 });
    expect(held(network)).toEqual(['192.168.1.6/24 2']);
  });

  it('stopping finds the address whatever netmask it has, but leaves the loopback alone', async () => {
    const network = machine([address('192.168.1.100', 1, 32), address('192.168.1.100', 3, 26)]);
    await IPaddr.stop(fakeContext(network, parameters).context);
    expect(held(network)).toEqual(['192.168.1.100/32 1']);
  });

  it('stopping works without any route or device: there is nothing to stop', async () => {
    expect(await IPaddr.stop(fakeContext(fakeNetwork([], []), { ...parameters, nic: 'gone0' }).context)).toEqual({
      exitCode: 0,
    });
  });

  it('keeps the addresses that the kernel would drop together with the first one of their subnet', async () => {
    const network = machine([]);
    await IPaddr.start(fakeContext(network, parameters).context);
    await IPaddr.start(fakeContext(network, { ...parameters, ip: '192.168.1.101' }).context);
    expect(network.addresses.map((one) => one.secondary)).toEqual([false, true]);
    await IPaddr.stop(fakeContext(network, parameters).context);
    expect(held(network)).toEqual(['192.168.1.101/24 2']);
  });

  it('moves an address that sits on another device than the written one', async () => {
    const network = machine([address('192.168.1.100', 3)]);
    await IPaddr.start(fakeContext(network, parameters).context);
    expect(held(network)).toEqual(['192.168.1.100/24 2']);
  });

  it('tells by exit code whether the address is here', async () => {
    const network = machine();
    expect(await IPaddr.monitor(fakeContext(network, parameters).context)).toEqual({ exitCode: 7 });
    await IPaddr.start(fakeContext(network, parameters).context);
    expect(await IPaddr.monitor(fakeContext(network, parameters).context)).toEqual({ exitCode: 0 });
  });

  it('announces only what it has', async () => {
    const network = machine();
    expect(await IPaddr.announce(fakeContext(network, parameters).context)).toMatchObject({ exitCode: 7 });
    expect(network.deeds).toEqual([]);
  });

  it('does not claim success when the kernel refuses', async () => {
    const network = machine();
    network.refuse('netlink-refused');
    expect(await IPaddr.start(fakeContext(network, parameters).context)).toMatchObject({
      exitCode: 1,
      reason: expect.stringContaining('EPERM'),
    });
    await IPaddr.start(fakeContext(network, parameters).context);
    network.refuse('netlink-refused');
    expect(await IPaddr.stop(fakeContext(network, parameters).context)).toMatchObject({ exitCode: 1 });
  });
});

describe('an address that somebody else uses', () => {
  const parameters = { ip: '192.168.1.100', nic: 'eth0' };
  const contested = (): FakeNetwork => {
    const network = machine();
    network.owners.set('192.168.1.100', '02:00:00:00:00:99');
    return network;
  };

  it('on a takeover: is configured all the same, and the stranger reported a fifth of a second later', async () => {
    const network = contested();
    const { context, background, conflicts, logged } = fakeContext(network, parameters);
    expect(await IPaddr.start(context)).toMatchObject({ exitCode: 0 });
    expect(conflicts).toEqual([]);
    for (const { delayMs, task } of background) if (delayMs === 200) await task();
    expect(conflicts).toEqual(['02:00:00:00:00:99']);
    expect(logged).toMatchObject([
      { code: 'address-conflict', fields: { ip: '192.168.1.100', nic: 'eth0', hardware: '02:00:00:00:00:99' } },
    ]);
  });

  it('when nobody waits: is not configured, and the owner is named', async () => {
    const network = contested();
    const { context } = fakeContext(network, parameters, { careful: true });
    expect(await IPaddr.start(context)).toMatchObject({
      exitCode: 1,
      conflictWith: '02:00:00:00:00:99',
      reason: expect.stringContaining('02:00:00:00:00:99'),
    });
    expect(held(network)).toEqual(['192.168.1.6/24 2']);
    expect(network.deeds.some((deed) => deed.startsWith('announce'))).toBe(false);
  });

  it('when nobody waits and nobody answers: waits a tenth of a second, then configures', async () => {
    const network = machine();
    const { context, slept } = fakeContext(network, parameters, { careful: true });
    expect(await IPaddr.start(context)).toMatchObject({ exitCode: 0 });
    expect(slept.reduce((sum, one) => sum + one, 0)).toBe(100);
  });

  it('with the check off: is not asked for', async () => {
    const network = contested();
    const { context } = fakeContext(network, parameters, { careful: true, conflictCheck: false });
    expect(await IPaddr.start(context)).toMatchObject({ exitCode: 0 });
    expect(network.deeds.some((deed) => deed.startsWith('probe'))).toBe(false);
  });
});
