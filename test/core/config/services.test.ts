/** What the daemon does for its machine: programs, clients, crm mode, where it logs. */
import { describe, expect, test } from 'vitest';
import { configuredProtection } from '../../../src/core/config/protection.ts';
import { baseHaCf, parse, parseAdded, spots } from './parsing.ts';

describe('crm mode', () => {
  test.each(['crm respawn', 'crm yes', 'crm on', 'crm manual', 'pacemaker on'])(
    '%j loads, manages nothing, and says so',
    (line) => {
      const parsed = parseAdded(`${line}\n`);
      expect(parsed.configuration).toMatchObject({ resourceManager: 'crm', groups: [] });
      expect(spots(parsed)).toContain(`ha.cf:7:${line.indexOf(' ') + 2} crm-mode`);
      expect(configuredProtection(parsed.configuration!).state).toBe('CANNOT FAIL OVER');
    },
  );

  test('haresources is not read: it may be missing or wrong', () => {
    for (const haresources of [undefined, 'nobody 10.0.0.1\n']) {
      const { haresources: _, ...texts } = { haCf: `${baseHaCf}crm on\n`, haresources: '' };
      const parsed = parse(
        haresources === undefined ? { ...texts, haresources: { unreadable: 'x' } } : { ...texts, haresources },
      );
      expect(parsed.configuration?.groups).toEqual([]);
    }
  });

  test('differs from a node that runs haresources, and off is no crm mode', () => {
    const off = parseAdded('crm off\n').configuration!;
    expect(off.resourceManager).toBe('haresources');
    expect(off.groups.length).toBe(1);
    expect(parseAdded('crm on\n').configuration!.digest).not.toBe(off.digest);
  });

  test('autojoin is an error with haresources and a warning in crm mode', () => {
    expect(spots(parseAdded('autojoin any\n'))).toEqual(['ha.cf:7:10 autojoin-with-haresources']);
    expect(parseAdded('autojoin any\n').configuration).toBeUndefined();
    expect(spots(parseAdded('crm on\nautojoin other\n'))).toContain('ha.cf:8:10 autojoin-named-only');
    expect(parseAdded('autojoin other\ncrm on\n').configuration).toBeDefined();
  });
});

describe('programs', () => {
  test('are kept in their order, with their words', () => {
    const { configuration } = parseAdded('respawn root /bin/true a  b\nfailfast hacluster /bin/true\n');
    expect(configuration?.services).toEqual([
      { kind: 'respawn', user: 'root', file: '/bin/true', args: ['a', 'b'] },
      { kind: 'failfast', user: 'hacluster', file: '/bin/true', args: [] },
    ]);
  });

  test('built-in helpers and the daemons of crm mode are not among them', () => {
    const lines =
      'respawn hacluster /usr/lib/heartbeat/ipfail\nrespawn hacluster /usr/lib/heartbeat/ccm\nrespawn root /usr/lib/heartbeat/lrmd -r\n';
    const parsed = parseAdded(lines);
    expect(parsed.configuration?.services).toEqual([]);
    expect(spots(parsed)).toContain('ha.cf:8:19 program-not-needed');
    expect(spots(parseAdded('respawn root /opt/own/ccm\n'))).toContain('ha.cf:7:14 program-missing');
  });

  test('no shell reads the line, and that is said where it matters', () => {
    expect(spots(parseAdded('respawn root /bin/true "a b" >/dev/null\n'))).toContain('ha.cf:7:24 program-shell');
    expect(spots(parseAdded('respawn root /bin/true -a --b=c,d /e/f:g\n')).join()).not.toContain('program-shell');
  });

  test('a user or a program that is not there is an error, as in Heartbeat', () => {
    expect(spots(parseAdded('respawn nosuch /bin/nosuch\n'))).toEqual(
      expect.arrayContaining(['ha.cf:7:9 program-user', 'ha.cf:7:16 program-missing']),
    );
    expect(parseAdded('respawn nosuch /bin/true\n').configuration).toBeUndefined();
    expect(parseAdded('failfast root /etc/passwd\n').configuration).toBeUndefined();
  });

  test('there is an end to them', () => {
    expect(parseAdded('respawn root /bin/true\n'.repeat(64)).configuration?.services.length).toBe(64);
    expect(spots(parseAdded('respawn root /bin/true\n'.repeat(65)))).toContain('ha.cf:71:14 program-too-many');
  });
});

describe('clients', () => {
  test('keep their users and groups as written', () => {
    const { configuration } = parseAdded('apiauth ping gid=haclient uid=root,0\napiauth foo, uid=hacluster\n');
    expect(configuration?.clients).toEqual([
      { client: 'ping', users: ['root', '0'], groups: ['haclient'] },
      { client: 'foo', users: ['hacluster'], groups: [] },
    ]);
  });

  test('somebody unknown is an error, unless nobody comes under that name', () => {
    expect(parseAdded('apiauth cl_status uid=nosuch\n').configuration).toBeUndefined();
    expect(parseAdded('apiauth pingd uid=nosuch\napiauth ccm gid=nosuch\n').configuration).toBeDefined();
  });
});

describe('logging', () => {
  const logging = (lines: string, haCf = 'ucast eth0 192.168.1.8\nnode node1 node2\nauto_failback on\n') =>
    parse({ haCf: haCf + lines }).configuration?.logging;

  test('use_logd, asked for or implied because nothing is named, is syslog as daemon', () => {
    expect(logging('')).toEqual({ facility: 'daemon', debug: 0, syslogFormat: true, badPackets: true });
    expect(logging('use_logd on\nlogfile /x\n')).toMatchObject({ facility: 'daemon', logfile: '/x' });
    expect(logging('use_logd on\nlogfacility local3\n')).toMatchObject({ facility: 'local3' });
    expect(logging('logfile /x\n')).not.toHaveProperty('facility');
    expect(logging('logfile /x\nuse_logd off\n')).not.toHaveProperty('facility');
  });

  test('form of the lines, refused packets', () => {
    expect(logging('syslogmsgfmt off\nlog_badpack no\ndebug 3\n')).toMatchObject({
      syslogFormat: false,
      badPackets: false,
      debug: 3,
    });
  });
});
