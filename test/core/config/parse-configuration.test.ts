import { describe, expect, test } from 'vitest';
import { parseConfiguration } from '../../../src/core/config/parse-configuration.ts';
import { baseHaCf, baseTexts, parse, parseAdded, spots, testHost } from './parsing.ts';

describe('what ha.cf means', () => {
  test('defaults are those of Heartbeat', () => {
    const haCf = 'logfile /x\nauto_failback on\nucast eth0 192.168.1.8\nnode node1 node2\n';
    const { configuration } = parse({ haCf });
    expect(configuration).toMatchObject({
      nodes: ['node1', 'node2'],
      localNode: 'node1',
      timing: { keepaliveMs: 1000, deadtimeMs: 30_000, warntimeMs: 15_000, initdeadMs: 30_000, deadpingMs: 30_000 },
      udpport: 694,
      hopfudge: 1,
      maxRexmitDelayMs: 250,
      messageFormat: 'classic',
      realtime: { enabled: true, priority: 1 },
      logging: { logfile: '/x', debug: 0 },
    });
  });

  test.each([
    [11_000, 11_000],
    [10_000, 20_000],
    [6000, 12_000],
    [5999, 12_000],
    [4001, 12_000],
  ])('deadtime %d ms without initdead waits %d ms at boot', (deadtimeMs, initdeadMs) => {
    expect(parseAdded(`deadtime ${deadtimeMs}ms\n`).configuration?.timing.initdeadMs).toBe(initdeadMs);
  });

  test('links keep their order and take the port of the lines above them', () => {
    const haCf =
      'logfile /x\nauto_failback off\nnode node1 node2\nudpport 700\nbcast eth0\nudpport 701\nucast eth1 10.0.9.121\nmcast eth0 225.0.0.1 694 1 0\n';
    const parsed = parse({ haCf });
    expect(parsed.configuration?.links).toEqual([
      { id: 'bcast/eth0', kind: 'bcast', device: 'eth0', port: 700 },
      { id: 'ucast/eth1/10.0.9.121', kind: 'ucast', device: 'eth1', port: 701, peerAddress: '10.0.9.121' },
      { id: 'mcast/eth0/225.0.0.1', kind: 'mcast', device: 'eth0', port: 694, group: '225.0.0.1', ttl: 1, loop: false },
    ]);
    expect(spots(parsed)).toEqual(['ha.cf:6:9 directive-again', 'ha.cf:6:9 udpport-after-links']);
  });

  test('the line with the own address is skipped, so that both nodes can have the same file', () => {
    const lines = 'ucast eth0 192.168.1.6\n';
    expect(parseAdded(lines).configuration?.links.map((link) => link.id)).toEqual(['ucast/eth0/192.168.1.8']);
    const onNode2 = parseAdded(lines, { nodeName: 'node2', addresses: ['192.168.1.8'] });
    expect(onNode2.configuration?.links.map((link) => link.id)).toEqual(['ucast/eth0/192.168.1.6']);
  });

  test('node names are lower-cased and auto_failback is read in every spelling', () => {
    const haCf = 'logfile /x\nnode NODE1,Node2\nbcast eth0\nauto_failback Yes\n';
    expect(parse({ haCf }).configuration).toMatchObject({ nodes: ['node1', 'node2'], autoFailback: 'on' });
  });

  test('legacy failback, also when nothing is written, is accepted and said', () => {
    const parsed = parse({ haCf: 'logfile /x\nnode node1 node2\nbcast eth0\n' });
    expect(parsed.configuration?.autoFailback).toBe('legacy');
    expect(spots(parsed)).toEqual(['ha.cf:0:0 auto-failback-legacy']);
  });

  test('nice_failback on means auto_failback off, unless auto_failback says otherwise', () => {
    const start = 'logfile /x\nnode node1 node2\nbcast eth0\nnice_failback on\n';
    expect(parse({ haCf: start }).configuration?.autoFailback).toBe('off');
    expect(parse({ haCf: `${start}auto_failback on\n` }).configuration?.autoFailback).toBe('on');
  });

  test('env lines are collected; the last value of a name holds', () => {
    expect(parseAdded('env A=1 B=x=y\nenv A=2\n').configuration?.environment).toEqual({ A: '2', B: 'x=y' });
  });

  test('pairbeat.conf sets the tuning, and auto is the default', () => {
    const pairbeatConf =
      'announce_interval 0\nstop_timeout 90\nstop_retry_max 3\nguardian_margin 500ms\nconflict_check off\n';
    expect(parse({ pairbeatConf }).configuration?.tuning).toEqual({
      announceIntervalMs: 0,
      startTimeoutMs: 60_000,
      stopTimeoutMs: 90_000,
      statusTimeoutMs: 60_000,
      stopRetryDelayMs: 1000,
      stopRetryMax: 3,
      guardianMarginMs: 500,
      journalMaxBytes: 8_388_608,
      journalSegments: 8,
      fenceAction: 'reset',
      fenceTimeoutMs: 60_000,
      fenceDelayMs: 2000,
      waitForAll: true,
      fenceProbeIntervalMs: 3_600_000,
      conflictCheck: false,
      monitoring: { intervalMs: 10_000, intervalsMs: {}, failuresMax: 3, failureWindowMs: 600_000 },
    });
    expect(parse().configuration?.tuning).toMatchObject({ guardianMarginMs: 0, conflictCheck: true });
  });
});

describe('the digest', () => {
  const digest = (haCf: string, haresources?: string): string | undefined =>
    parse({ haCf, ...(haresources === undefined ? {} : { haresources }) }).configuration?.digest;
  const haCf = 'logfile /x\nnode node1 node2\nbcast eth0\nauto_failback on\ndeadtime 30\n';

  test('ignores comments, order, spelling and what belongs to one machine', () => {
    const other =
      '# x\nbcast eth1\ndeadtime 30000ms # y\nnode node2,NODE1\nlogfile /y\ndebug 1\nauto_failback yes\nudpport 694\n';
    expect(digest(other)).toBe(digest(haCf));
  });

  test.each([
    ['deadtime', haCf.replace('30', '31'), undefined],
    ['failback', haCf.replace('on\n', 'off\n'), undefined],
    ['a resource', haCf, 'node1 IPaddr::192.168.1.101/24/eth0\n'],
    ['the owner', haCf, 'node2 IPaddr::192.168.1.100/24/eth0\n'],
  ])('changes with %s', (_what, text, haresources) => {
    expect(digest(text, haresources)).not.toBe(digest(haCf));
    expect(digest(text, haresources)).toMatch(/^[0-9a-f]{64}$/);
  });

  test('the lines behind it hold no key', () => {
    const meaning = parse().configuration?.meaning.join('\n');
    expect(meaning).toContain('group node1 IPaddr::192.168.1.100/24/eth0');
    expect(meaning).not.toContain('0123456789abcdef');
  });
});

describe('findings of ha.cf', () => {
  test('every independent error is found in one run, each at its word', () => {
    const parsed = parseAdded('Keepalive 2\nwarntime 1s\nfoo bar\n  debug on 300\nmcast eth7 1.2.3.4 694 9 0\n');
    expect(spots(parsed)).toEqual([
      'ha.cf:7:1 directive-unknown',
      'ha.cf:8:10 value-time',
      'ha.cf:9:1 directive-unknown',
      'ha.cf:10:9 value-odd',
      'ha.cf:10:12 value-integer',
      'ha.cf:10:12 values-several',
      'ha.cf:11:7 device-missing',
      'ha.cf:11:12 mcast-group',
      'ha.cf:11:24 mcast-number',
    ]);
    expect(parsed.configuration).toBeUndefined();
    expect(parsed.findings.find((finding) => finding.line === 7)?.fields).toMatchObject({ nearest: 'keepalive' });
    expect(parsed.findings.find((finding) => finding.line === 8)?.fields).toMatchObject({ suggestion: '1' });
  });

  test.each([
    'crm off\n',
    'pacemaker no\n',
    'autojoin none\n',
    'use_apphbd off\n',
    'hbgenmethod file\n',
    'uuidfrom file\n',
  ])('%j asks for nothing and nothing is said', (lines) => expect(spots(parseAdded(lines))).toEqual([]));

  test('a medium that is not built is a warning beside another link and refused alone', () => {
    expect(spots(parseAdded('tipc eth0\n'))).toContain('ha.cf:7:1 directive-no-effect');
    const alone = parse({ haCf: 'logfile /x\nnode node1 node2\nauto_failback on\ntipc eth0\n' });
    expect(spots(alone)).toContain('ha.cf:4:1 links-unsupported-only');
    expect(alone.configuration).toBeUndefined();
  });

  test('what Heartbeat wrongly accepts is a warning', () => {
    expect(spots(parseAdded('warntime 40\n'))).toEqual(['ha.cf:7:10 warntime-above-deadtime']);
    expect(spots(parseAdded('warntime 2\n'))).toEqual(['ha.cf:7:10 warntime-below-keepalive']);
    expect(spots(parseAdded('ucast eth9 10.0.9.121\n'))).toEqual(['ha.cf:7:7 device-missing-later']);
    expect(spots(parseAdded('deadtime 6\ninitdead 9\n'))).toEqual([
      'ha.cf:7:10 directive-again',
      'ha.cf:8:10 initdead-short',
    ]);
    expect(spots(parseAdded('udpport 700\n'))).toEqual(['ha.cf:7:9 udpport-after-links']);
    expect(spots(parseAdded('node node2\n'))).toEqual(['ha.cf:7:6 node-twice']);
    expect(parseAdded('warntime 40\n').configuration).toBeDefined();
  });

  test('times that cannot work together are refused at the exact limit, each for its own reason', () => {
    expect(spots(parseAdded('deadping 31\ndeadtime 4\n'))).toContain('ha.cf:8:10 deadtime-too-small');
    expect(parseAdded('deadtime 4001ms\n').configuration).toBeDefined();
    expect(spots(parseAdded('deadping 4\n'))).toEqual(['ha.cf:7:10 deadping-too-small']);
    expect(parseAdded('deadping 4001ms\n').configuration).toBeDefined();
    expect(spots(parseAdded('initdead 29999ms\n'))).toEqual(['ha.cf:7:10 initdead-too-small']);
    expect(parseAdded('initdead 30\n').configuration).toBeDefined();
  });

  test('a time that was not understood is not compared with the others', () => {
    expect(spots(parseAdded('keepalive 1s\ndeadtime 2\n'))).not.toContain('ha.cf:8:10 deadtime-too-small');
  });

  test('a deadtime that leaves a dead daemon no time to be restarted is said', () => {
    expect(spots(parseAdded('keepalive 100ms\ndeadtime 300ms\n'))).toContain('ha.cf:8:10 guardian-little-room');
    expect(spots(parseAdded('deadtime 5\n'))).not.toContain('ha.cf:7:10 guardian-little-room');
  });

  test('a service that may still be stopping when the peer starts it is said; addresses are not', () => {
    const short = { haCf: `${baseHaCf}keepalive 100ms\ndeadtime 9\n` };
    const haresources = 'node1 10.0.0.1/24 httpd\nnode2 nginx\n';
    expect(spots(parse({ ...short, haresources }))).toContain('haresources:1:19 guardian-scripts');
    expect(spots(parse(short)).join()).not.toContain('guardian-scripts');
    expect(spots(parse({ ...short, haresources, pairbeatConf: 'guardian_margin 1\n' })).join()).not.toContain(
      'guardian-scripts',
    );
    expect(spots(parse({ haresources })).join()).not.toContain('guardian-scripts');
  });

  test('a guardian that would act on a healthy daemon is refused', () => {
    const parsed = parse({ pairbeatConf: 'guardian_margin 28\n' });
    expect(spots(parsed)).toEqual(['pairbeat.conf:1:17 guardian-no-room']);
    expect(parsed.configuration).toBeUndefined();
    expect(parse({ pairbeatConf: 'guardian_margin 27\n' }).configuration?.tuning.guardianMarginMs).toBe(27_000);
  });

  test('a directive in the wrong file is sent to the right one', () => {
    expect(spots(parseAdded('stop_timeout 5\n'))).toEqual(['ha.cf:7:1 directive-in-other-file']);
    expect(spots(parse({ pairbeatConf: 'deadtime 5\n' }))).toEqual(['pairbeat.conf:1:1 directive-in-other-file']);
  });

  test('a file that cannot be read is one error, and the other files are still checked', () => {
    const parsed = parse({ haCf: { unreadable: 'permission denied' }, authkeys: 'auth 1\n' });
    expect(spots(parsed)).toEqual(['ha.cf:0:0 file-unreadable', 'authkeys:1:1 authkeys-key-missing']);
  });

  test('on a machine of another name the nodes are named, with the likely slip', () => {
    const parsed = parse({}, { nodeName: 'nod1' });
    expect(parsed.findings.find((finding) => finding.code === 'node-self-missing')?.fields).toEqual({
      node: 'nod1',
      nodes: 'node1, node2',
      nearest: 'node1',
    });
  });

  test('what is not known about the machine is not compared', () => {
    const { nodeName, directory, sha256 } = testHost;
    const haCf = 'logfile /x\nnode node1 node2\nbcast eth9\nauto_failback on\nrespawn nobody9 /no/such\n';
    const parsed = parseConfiguration({ ...baseTexts, haCf }, { nodeName, directory, sha256 });
    expect(spots(parsed)).toEqual([]);
    expect(spots(parse({ haCf }))).toContain('ha.cf:3:7 device-missing');
  });
});
