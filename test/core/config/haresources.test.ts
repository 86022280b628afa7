import { describe, expect, test } from 'vitest';
import { parse, spots } from './parsing.ts';

const groupsOf = (haresources: string): unknown =>
  parse({ haresources }).configuration?.groups.map((group) => [
    group.owner,
    group.key,
    group.resources.map((resource) => resource.written),
  ]);
const found = (haresources: string): string[] => spots(parse({ haresources }));

describe('haresources', () => {
  test('a line is a group: its node, its key, its resources in order', () => {
    const { configuration } = parse({
      haresources: 'NODE1 10.0.0.1/24/eth0 httpd OCF::db::main Filesystem::/dev/x::/data::ext4\n',
    });
    expect(configuration?.groups).toEqual([
      {
        key: '10.0.0.1/24/eth0',
        index: 0,
        owner: 'node1',
        resources: [
          { written: '10.0.0.1/24/eth0', kind: 'script', type: 'IPaddr', args: ['10.0.0.1/24/eth0'] },
          { written: 'httpd', kind: 'script', type: 'httpd', args: [] },
          { written: 'OCF::db::main', kind: 'ocf', type: 'db', args: ['main'] },
          {
            written: 'Filesystem::/dev/x::/data::ext4',
            kind: 'script',
            type: 'Filesystem',
            args: ['/dev/x', '/data', 'ext4'],
          },
        ],
      },
    ]);
  });

  test('a backslash at the end goes on below', () => {
    expect(groupsOf('node1 a \\\n b \\\n\tc\nnode2 d\n')).toEqual([
      ['node1', 'a', ['a', 'b', 'c']],
      ['node2', 'd', ['d']],
    ]);
    expect(groupsOf('node1 a \\\n')).toEqual([['node1', 'a', ['a']]]);
  });

  test('a comment in a line that goes on swallows the rest, as in Heartbeat, and that is said', () => {
    const text = 'node1 a # why \\\n b\nnode2 c\n';
    expect(groupsOf(text)).toEqual([
      ['node1', 'a', ['a']],
      ['node2', 'c', ['c']],
    ]);
    expect(found(text)).toEqual(['haresources:1:9 continuation-in-comment']);
  });

  test('a line that is all comment does not go on', () => {
    expect(groupsOf('# x \\\nnode1 b\n')).toEqual([['node1', 'b', ['b']]]);
  });

  test('a blank behind the backslash is pointed at', () => {
    expect(found('node1 a \\ \nnode2 b\n')).toEqual(['haresources:1:9 continuation-broken']);
  });

  test('empty arguments vanish, as in Heartbeat', () => {
    const { configuration } = parse({ haresources: 'node1 a::1::::2::\n' });
    expect(configuration?.groups[0]?.resources[0]).toMatchObject({ type: 'a', args: ['1', '2'] });
  });

  test.each([
    ['node3 a\n', 'haresources:1:1 resource-node-unknown'],
    ['node1 a\nnode2 a\n', 'haresources:2:7 group-twice'],
    ['node1 a\nnode1 a b\n', 'haresources:2:7 group-twice'],
    ['node1 x 10.0.0.1/24\nnode2 y IPaddr2::10.0.0.1/16/eth0\n', 'haresources:2:9 address-in-two-groups'],
    ['node1 ../../bin/sh\n', 'haresources:1:7 resource-type'],
    ['node1 OCF::db\n', 'haresources:1:7 resource-ocf'],
    ['node1 OCF::../x::y\n', 'haresources:1:7 resource-ocf'],
  ])('%j is refused', (text, spot) => {
    expect(found(text)).toEqual([spot]);
    expect(parse({ haresources: text }).configuration).toBeUndefined();
  });

  test.each([
    ['', 'haresources:0:0 groups-missing'],
    ['node1 x 10.0.0.1/24\nnode1 y 10.0.0.1/24\n', 'haresources:2:9 resource-twice'],
    ['node1 axb\nnode2 a.b\n', 'haresources:2:7 group-ambiguous'],
    ['node1 a b\nnode2 b\n', 'haresources:2:7 group-ambiguous'],
    ['node1 10.0.0.300/24\n', 'haresources:1:7 address-invalid'],
    ['node1 10.0.0.1/33\n', 'haresources:1:7 address-invalid'],
    ['node1 IPaddr\n', 'haresources:1:7 address-invalid'],
    ['node1 IPv6addr::2001:zz::1/64\n', 'haresources:1:7 address-invalid'],
    ['node1 IPaddr::10.0.0.1::x\n', 'haresources:1:7 address-invalid'],
    ['node1 10.0.0.1/24/10.0.0.999\n', 'haresources:1:7 address-invalid'],
  ])('%j is accepted with a warning', (text, spot) => {
    expect(found(text)).toContain(spot);
    expect(parse({ haresources: text }).configuration).toBeDefined();
  });

  test.each(['10.0.0.1', '10.0.0.1/24', '10.0.0.1/24/eth0', '10.0.0.1/24/eth0:1/10.0.0.255', '10.0.0.1/24/10.0.0.255'])(
    '%s is an address without fault',
    (word) => expect(found(`node1 ${word}\n`)).toEqual([]),
  );

  test('mail for every group is no resource in two groups', () => {
    expect(found('node1 a MailTo::root\nnode2 b MailTo::root\n')).toEqual([]);
  });

  test('a script that this machine lacks is a warning', () => {
    const parsed = parse({ haresources: 'node1 httpd\n' }, { scriptExists: () => false });
    expect(spots(parsed)).toEqual(['haresources:1:7 resource-script-missing']);
    expect(parsed.configuration).toBeDefined();
  });
});

describe('systemd::unit', () => {
  const units = (haresources: string, scriptExists: (type: string) => boolean): string[] =>
    parse({ haresources }, { scriptExists })
      .findings.map(({ code }) => code)
      .filter((code) => code.startsWith('resource-'));

  test('is a unit where no script is named systemd, which Heartbeat would need', () => {
    expect(units('node1 systemd::web\n', () => false)).toEqual(['resource-unit-heartbeat']);
    expect(units('node1 systemd::getty@tty1.service\n', () => false)).toEqual(['resource-unit-heartbeat']);
  });

  test('goes on meaning the script that has that name', () => {
    expect(units('node1 systemd::web\n', () => true)).toEqual(['resource-unit-script']);
  });

  test.each(['systemd', 'systemd::a::b', 'systemd::-H', 'systemd::../web'])('%s is an error', (word) => {
    expect(units(`node1 ${word}\n`, () => false)).toEqual(['resource-unit-name']);
  });
});
