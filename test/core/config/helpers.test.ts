import { describe, expect, test } from 'vitest';
import { isBuiltInHelper, readHelper } from '../../../src/core/config/helpers.ts';
import { isIPv6Address, readIPv6 } from '../../../src/core/config/ipv6.ts';
import { parseAdded, spots } from './parsing.ts';

describe('helper programs that are built in', () => {
  test('are known by their name, wherever they lie', () => {
    for (const path of ['/usr/lib/heartbeat/ipfail', '/usr/local/ha/lib/heartbeat/pingd', '/usr/lib64/heartbeat/dopd'])
      expect(isBuiltInHelper(path)).toBe(true);
    for (const path of ['/usr/lib/heartbeat/ccm', '/usr/bin/notipfail', '/opt/ipfail/run']) {
      expect(isBuiltInHelper(path)).toBe(false);
      expect(readHelper(path, [])).toBeUndefined();
    }
  });

  test('pingd takes its old options, attached or not, short or long', () => {
    const words = '-m 100 -d5s -a uplink -h 192.168.1.1 -h gw --ping-interval 2 -n 3 -D -p /run/pingd.pid'.split(' ');
    expect(readHelper('/usr/lib/heartbeat/pingd', words)).toEqual({
      helper: {
        kind: 'pingd',
        multiplier: 100,
        dampenMs: 5000,
        attribute: 'uplink',
        hosts: ['192.168.1.1', 'gw'],
        intervalMs: 2000,
        attempts: 3,
      },
      ignored: [],
    });
  });

  test('pingd asks addresses: a name is looked up, one that nobody knows is left out', () => {
    const { configuration, findings } = parseAdded('respawn root /x/pingd -h localhost -h nosuch.invalid -h fd00::1\n');
    expect(configuration?.helpers).toMatchObject([{ kind: 'pingd', hosts: ['127.0.0.1', 'fd00::1'] }]);
    expect(findings.map((finding) => finding.code)).toContain('pingd-host');
  });

  test('pingd is not switched on when it knows none of its hosts: it would watch others', () => {
    expect(parseAdded('respawn root /x/pingd -h nosuch.invalid\n').configuration?.helpers).toEqual([]);
  });

  test('a word that means nothing to it is named, the rest holds', () => {
    const reading = readHelper('/usr/lib/heartbeat/pingd', ['-x', '-m', 'many', '-d', '500ms']);
    expect(reading?.ignored).toEqual(['-x', '-m', 'many']);
    expect(reading?.helper).toMatchObject({ multiplier: 1, dampenMs: 500 });
  });
});

describe('ping nodes in ha.cf', () => {
  test('an address, a name of /etc/hosts, an IPv6 address, a group', () => {
    const { configuration } = parseAdded('ping 192.168.1.254,localhost\nping6 FE80::1\nping_group wan 10.0.0.1 ::1\n');
    expect(configuration?.pingNodes).toEqual([
      { name: '192.168.1.254', kind: 'ping', targets: [{ address: '192.168.1.254', family: 4 }] },
      { name: 'localhost', kind: 'ping', targets: [{ address: '127.0.0.1', family: 4 }] },
      { name: 'FE80::1', kind: 'ping', targets: [{ address: 'fe80::1', family: 6 }] },
      {
        name: 'wan',
        kind: 'ping_group',
        targets: [
          { address: '10.0.0.1', family: 4 },
          { address: '::1', family: 6 },
        ],
      },
    ]);
  });

  test('a name that nobody knows is an error; in a group it is left out', () => {
    expect(parseAdded('ping nosuch.invalid\n').configuration).toBeUndefined();
    expect(parseAdded('ping6 192.168.1.1\n').configuration).toBeUndefined();
    const group = parseAdded('ping_group wan nosuch.invalid 10.0.0.1\n');
    expect(group.configuration?.pingNodes[0]?.targets).toEqual([{ address: '10.0.0.1', family: 4 }]);
    expect(spots(group)).toContain('ha.cf:7:16 ping-member');
  });

  test('one node of each name, and not more addresses than can be asked', () => {
    const twice = parseAdded('ping 10.0.0.1\nping 10.0.0.1\n');
    expect(twice.configuration?.pingNodes).toHaveLength(1);
    expect(spots(twice)).toContain('ha.cf:8:6 ping-twice');
    const many = Array.from({ length: 65 }, (_, index) => `10.0.0.${index}`).join(' ');
    expect(parseAdded(`ping ${many}\n`).configuration).toBeUndefined();
  });

  test('both nodes must ask the same: they are part of the digest', () => {
    const digest = (lines: string) => parseAdded(lines).configuration?.digest;
    expect(digest('ping 10.0.0.1\n')).not.toBe(digest(''));
    expect(digest('ping 10.0.0.1\nping 10.0.0.2\n')).toBe(digest('ping 10.0.0.2\nping 10.0.0.1\n'));
  });
});

describe('a respawn line with a built-in helper', () => {
  test('switches it on; the program need not be there, and only Heartbeat would miss it', () => {
    const parsed = parseAdded('ping 10.0.0.1\nrespawn hacluster /usr/lib/heartbeat/ipfail\n');
    expect(parsed.configuration?.helpers).toEqual([{ kind: 'ipfail' }]);
    expect(spots(parsed)).toContain('ha.cf:8:19 helper-not-installed');
    expect(spots(parsed)).not.toContain('ha.cf:8:19 program-missing');
  });

  test('says what it lacks', () => {
    const alone = parseAdded('respawn root /usr/lib/heartbeat/ipfail\n');
    expect(spots(alone)).toContain('ha.cf:7:14 helper-without-ping');
    const legacy = parseAdded('ping 10.0.0.1\nrespawn root /usr/lib/heartbeat/ipfail\nauto_failback legacy\n');
    expect(spots(legacy)).toContain('ha.cf:8:14 ipfail-legacy');
    const odd = parseAdded('respawn root /usr/lib/heartbeat/pingd -h 10.0.0.1 -z\n');
    expect(spots(odd)).toContain('ha.cf:7:51 helper-option');
    expect(spots(parseAdded('respawn root /x/dopd\nrespawn root /y/dopd\n'))).toContain('ha.cf:8:14 helper-twice');
  });
});

describe('IPv6 text', () => {
  test.each(['::', '::1', 'fe80::1', '1:2:3:4:5:6:7:8', '1:2:3:4:5:6:1.2.3.4', '::ffff:10.0.0.1', '1::8'])(
    '%s',
    (text) => expect(isIPv6Address(text)).toBe(true),
  );
  test.each([
    '',
    ':',
    ':::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1::2::3',
    'g::',
    '12345::',
    '1:2:3:4:5:6:7:8::',
    'fe80::1%eth0',
    '::1.2.3',
    '::1.2.3.256',
  ])('not %j', (text) => expect(isIPv6Address(text)).toBe(false));
  test('stands for eight groups', () => {
    expect(readIPv6('fe80::1:2')).toEqual([0xfe80, 0, 0, 0, 0, 0, 1, 2]);
    expect(readIPv6('::ffff:10.0.0.1')).toEqual([0, 0, 0, 0, 0, 0xffff, 0x0a00, 1]);
  });
});
