import { expect, it } from 'vitest';
import {
  broadcastOf,
  bytesOfAddress,
  isInSubnet,
  prefixOfNetmask,
  textOfAddress,
} from '../../../resource-agents/ipaddr/address-text.ts';
import { parametersFromArguments, requestFromParameters } from '../../../resource-agents/ipaddr/parameters.ts';

it.each([
  ['192.168.1.100', { ip: '192.168.1.100' }],
  ['192.168.1.100/24', { ip: '192.168.1.100', cidr_netmask: '24' }],
  ['192.168.1.100/24/eth0', { ip: '192.168.1.100', cidr_netmask: '24', nic: 'eth0' }],
  ['192.168.1.100/24/eth0:1', { ip: '192.168.1.100', cidr_netmask: '24', nic: 'eth0', iflabel: '1' }],
  [
    '192.168.1.100/24/eth0/192.168.1.255',
    { ip: '192.168.1.100', cidr_netmask: '24', nic: 'eth0', broadcast: '192.168.1.255' },
  ],
  [
    '192.168.1.100/24/eth0:1/192.168.1.255',
    { ip: '192.168.1.100', cidr_netmask: '24', nic: 'eth0', iflabel: '1', broadcast: '192.168.1.255' },
  ],
  ['192.168.1.100/24/192.168.1.255', { ip: '192.168.1.100', cidr_netmask: '24', broadcast: '192.168.1.255' }],
  ['192.168.1.100/255.255.255.0', { ip: '192.168.1.100', cidr_netmask: '255.255.255.0' }],
  ['192.168.1.100//eth0', { ip: '192.168.1.100', nic: 'eth0' }],
  ['fd00:1:0:0:0:0:0:9/64/eth0', { ip: 'fd00:1:0:0:0:0:0:9', cidr_netmask: '64', nic: 'eth0' }],
])('reads the haresources argument %s', (argument, parameters) => {
  expect(parametersFromArguments([argument])).toEqual({ ok: true, value: parameters });
});

it('puts an IPv6 address together again that haresources cut at its double colon', () => {
  expect(parametersFromArguments(['fd00', '9/64/eth0'])).toEqual({
    ok: true,
    value: { ip: 'fd00::9', cidr_netmask: '64', nic: 'eth0' },
  });
});

it('refuses an argument without address or with too many parts', () => {
  expect(parametersFromArguments([])).toMatchObject({ problem: { code: 'address-missing' } });
  expect(parametersFromArguments(['/24'])).toMatchObject({ problem: { code: 'address-missing' } });
  expect(parametersFromArguments(['1.2.3.4/24/eth0/1.2.3.255/x'])).toMatchObject({
    problem: { code: 'address-argument-invalid' },
  });
});

it('understands the OCF parameters', () => {
  expect(
    requestFromParameters({
      ip: '10.0.0.1',
      cidr_netmask: '255.255.252.0',
      nic: 'bond0.7',
      iflabel: 'vip',
      broadcast: '10.0.3.255',
    }),
  ).toEqual({
    ok: true,
    value: {
      family: 'ipv4',
      address: Uint8Array.of(10, 0, 0, 1),
      prefixLength: 22,
      nic: 'bond0.7',
      label: 'vip',
      broadcast: Uint8Array.of(10, 0, 3, 255),
    },
  });
  expect(requestFromParameters({ ip: 'fd00::1', cidr_netmask: '64', iflabel: 'ignored' })).toMatchObject({
    value: { family: 'ipv6', prefixLength: 64 },
  });
});

it.each([
  [{}, 'address-missing'],
  [{ ip: '10.0.0' }, 'address-invalid'],
  [{ ip: '010.0.0.1' }, 'address-invalid'],
  [{ ip: '10.0.0.256' }, 'address-invalid'],
  [{ ip: 'fe80::1%eth0' }, 'address-invalid'],
  [{ ip: '10.0.0.1', cidr_netmask: '33' }, 'netmask-invalid'],
  [{ ip: '10.0.0.1', cidr_netmask: '255.0.255.0' }, 'netmask-invalid'],
  [{ ip: '10.0.0.1', cidr_netmask: '24x' }, 'netmask-invalid'],
  [{ ip: 'fd00::1', cidr_netmask: '129' }, 'netmask-invalid'],
  [{ ip: 'fd00::1', cidr_netmask: '255.255.255.0' }, 'netmask-invalid'],
  [{ ip: '10.0.0.1', broadcast: 'fd00::1' }, 'broadcast-invalid'],
  [{ ip: '10.0.0.1', broadcast: '10.0.0' }, 'broadcast-invalid'],
  [{ ip: '10.0.0.1', nic: 'eth 0' }, 'nic-invalid'],
  [{ ip: '10.0.0.1', nic: 'sixteen-letters-' }, 'nic-invalid'],
  [{ ip: '10.0.0.1', iflabel: 'a/b' }, 'label-invalid'],
])('refuses %j: %s', (parameters, code) => {
  expect(requestFromParameters(parameters as Record<string, string>)).toMatchObject({ ok: false, problem: { code } });
});

it('calculates with addresses', () => {
  expect(prefixOfNetmask('255.255.255.0')).toBe(24);
  expect(prefixOfNetmask('0.0.0.0')).toBe(0);
  expect(prefixOfNetmask('255.255.255.255')).toBe(32);
  expect(textOfAddress(broadcastOf(bytesOfAddress('10.1.2.3')!, 22)!)).toBe('10.1.3.255');
  expect(broadcastOf(bytesOfAddress('10.1.2.3')!, 31)).toBeUndefined();
  expect(isInSubnet(bytesOfAddress('10.1.2.3')!, bytesOfAddress('10.1.0.0')!, 22)).toBe(true);
  expect(isInSubnet(bytesOfAddress('10.1.4.3')!, bytesOfAddress('10.1.0.0')!, 22)).toBe(false);
  expect(isInSubnet(bytesOfAddress('10.1.4.3')!, bytesOfAddress('::')!, 0)).toBe(false);
  expect(textOfAddress(bytesOfAddress('2001:DB8:0:0::1')!)).toBe('2001:db8::1');
});
