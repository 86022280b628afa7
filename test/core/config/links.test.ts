/** The media beyond IPv4: what their lines mean, and every way in which they cannot work. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keepaliveBytes } from '../../../src/core/config/check-serial.ts';
import { isIPv6Address, printIPv6, readIPv6 } from '../../../src/core/config/ipv6.ts';
import { encodeReport } from '../../../src/core/haresources/report.ts';
import { step } from '../../../src/core/transport/machine.ts';
import { linkId } from '../../../src/core/types.ts';
import { ms, started } from '../transport/harness.ts';
import { parse, parseAdded, spots } from './parsing.ts';

const linksOf = (lines: string) => parseAdded(lines).configuration?.links.slice(1);

describe('IPv6', () => {
  test('ucast6 takes the port above it, whatever spelling the address has', () => {
    expect(linksOf('ucast6 eth0 FD00:0001:0:0::0008\nudpport 700\nucast6 eth1 fe80::8%eth1\n')).toEqual([
      { id: 'ucast6/eth0/fd00:1::8', kind: 'ucast6', device: 'eth0', port: 694, peerAddress: 'fd00:1::8' },
      { id: 'ucast6/eth1/fe80::8', kind: 'ucast6', device: 'eth1', port: 700, peerAddress: 'fe80::8' },
    ]);
  });

  test('mcast6 has its own port, hops and loop', () => {
    expect(linksOf('mcast6 eth0 FF12::694 700 4 1\n')).toEqual([
      {
        id: 'mcast6/eth0/ff12::694',
        kind: 'mcast6',
        device: 'eth0',
        port: 700,
        group: 'ff12::694',
        hops: 4,
        loop: true,
      },
    ]);
  });

  test('a line with an address of this node is for the other one', () => {
    const parsed = parse(
      { haCf: 'auto_failback on\nnode node1 node2\nucast6 eth0 fd00:1::6\nucast6 eth0 fd00:1::8\n' },
      {
        addresses: ['192.168.1.6', 'fd00:1::6'],
      },
    );
    expect(parsed.configuration?.links.map(({ id }) => id)).toEqual(['ucast6/eth0/fd00:1::8']);
    expect(spots(parsed)).toContain('ha.cf:3:13 link-own-address');
  });

  test.each([
    ['ucast6 eth0 fe80::1%eth1', 'ha.cf:7:13 link6-scope'],
    ['mcast6 eth0 ff12::1%eth1 694 1 0', 'ha.cf:7:13 link6-scope'],
    ['ucast6 eth0 192.168.1.8', 'ha.cf:7:13 link6-address'],
    ['ucast6 eth0 node2', 'ha.cf:7:13 link6-address'],
    ['ucast6 eth0 ::1', 'ha.cf:7:13 link6-address'],
    ['ucast6 eth0 ff12::1', 'ha.cf:7:13 link6-address'],
    ['ucast6 eth7 fe80::1', 'ha.cf:7:8 device-missing'],
    ['mcast6 eth0 fd00::1 694 1 0', 'ha.cf:7:13 link6-group'],
    ['mcast6 eth0 ff01::1 694 1 0', 'ha.cf:7:13 link6-group'],
    ['mcast6 eth0 ff12::1 694 5 0', 'ha.cf:7:25 mcast-number'],
    ['mcast6 eth0 ff12::1 694 1 2', 'ha.cf:7:27 mcast-number'],
    ['mcast6 eth0 ff12::1 0 1 0', 'ha.cf:7:21 mcast-number'],
    ['mcast6 eth0 ff12::1 694 1', 'ha.cf:7:27 arguments-missing'],
  ])('%s is refused', (line, spot) => {
    const parsed = parseAdded(`${line}\n`);
    expect(spots(parsed)).toEqual([spot]);
    expect(parsed.configuration).toBeUndefined();
  });

  test('addresses are printed in the one way of RFC 5952', () => {
    const examples = { '2001:db8:0:0:1:0:0:1': '2001:db8::1:0:0:1', '::': '::', '1::': '1::', '0:1::': '0:1::' };
    for (const [text, printed] of Object.entries(examples)) expect(printIPv6(readIPv6(text)!)).toBe(printed);
    const groups = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff })), {
      minLength: 8,
      maxLength: 8,
    });
    fc.assert(
      fc.property(groups, (some) => {
        expect(isIPv6Address(printIPv6(some))).toBe(true);
        expect(readIPv6(printIPv6(some))).toEqual(some);
      }),
    );
  });
});

describe('serial lines', () => {
  test('take the speed above them', () => {
    const device = '/dev/ttyS0';
    expect(linksOf(`serial ${device}\n`)).toEqual([{ id: 'serial/dev/ttyS0', kind: 'serial', device, baud: 19_200 }]);
    expect(linksOf(`baud 9600\nserial ${device}\n`)).toMatchObject([{ baud: 9600 }]);
    const late = parseAdded(`serial ${device}\nbaud 115200\n`);
    expect(late.configuration?.links[1]).toMatchObject({ baud: 19_200 });
    expect(spots(late)).toEqual(['ha.cf:8:6 baud-after-links']);
  });

  test('are a link like any other: one alone will do', () => {
    const alone = parse({ haCf: 'auto_failback on\nnode node1 node2\nserial /dev/ttyS0\n' });
    expect(alone.configuration?.links).toHaveLength(1);
  });

  test.each([
    ['serial /dev/ttyS9\n', 'ha.cf:7:8 serial-device'],
    ['serial /etc/passwd\n', 'ha.cf:7:8 serial-device'],
    ['baud 19201\n', 'ha.cf:7:6 baud-rate'],
    ['keepalive 100ms\ndeadtime 30\nserial /dev/ttyS0\n', 'ha.cf:9:8 baud-too-slow'],
  ])('%j is refused', (lines, spot) => {
    const parsed = parseAdded(lines);
    expect(spots(parsed)).toContain(spot);
    expect(parsed.configuration).toBeUndefined();
  });

  test('are at most four', () => {
    const ttys = [0, 1, 2, 3, 4].map((number) => `/dev/ttyS${number}`);
    const parsed = parseAdded(`baud 115200\nserial ${ttys.join(' ')}\n`, { fileKind: () => 'device' });
    expect(spots(parsed)).toEqual(['ha.cf:8:52 serial-too-many']);
  });

  test('the arithmetic of a line that is too slow can be followed', () => {
    const lines = 'keepalive 250ms\nbaud 9600\nserial /dev/ttyS0 /dev/null\n';
    const finding = parseAdded(lines).findings.find(({ code }) => code === 'baud-too-slow');
    const bytes = keepaliveBytes(parse().configuration!.groups, parse().configuration!.authentication);
    // Two lines: what the peer forwards from the other one comes on top.
    expect(finding?.fields).toMatchObject({ baud: 9600, bytes, perSecond: 4, needed: bytes * 10 * 2 * 4 });
    const slowest = String(finding?.fields['slowest']);
    const enough = parseAdded(lines.replace('250ms', slowest));
    expect(spots(enough)).not.toContain('ha.cf:9:8 baud-too-slow');
    expect(spots(enough)).toContain('ha.cf:9:8 baud-tight');
  });

  test('no keepalive is longer than the arithmetic believes, and that does not believe much more', () => {
    const { groups, authentication } = parse({
      haresources: `node1 ${'x'.repeat(200)}\nnode2 httpd\n`,
      authkeys: 'auth 1\n1 sha512 secretsecret\n',
    }).configuration!;
    const tty = linkId('serial/dev/ttyS0');
    const state = started('node1', {
      links: [tty],
      serialLinks: [tty],
      authentication,
      generation: 0xffffffff,
      capabilities: ['groups', 'zlib', 'bz2', 'probe'],
      loadAverage: '1000.00 1000.00 1000.00 1000/32768 4194304',
    });
    state.sequence = 0xffffff;
    const report = encodeReport({
      version: 9_999_999,
      ack: 9_999_999,
      ackGeneration: 0xffffffff,
      stage: 'member',
      groups: groups.map(({ key, owner }) => ({ key, owner, letter: 'r', marked: true })),
    });
    const fields = [...report, { name: 'pbdig', value: 'f'.repeat(16) }];
    const effects = step(state, {
      type: 'advertise',
      nowUs: ms(1100),
      status: 'active',
      deadtimeMs: 30_000,
      fields,
      immediately: true,
    });
    const [sent] = effects.flatMap((effect) => (effect.type === 'transmit' ? [effect.bytes.length] : []));
    expect(sent).toBeLessThanOrEqual(keepaliveBytes(groups, authentication));
    expect(sent).toBeGreaterThan(keepaliveBytes(groups, authentication) * 0.75);
  });
});
