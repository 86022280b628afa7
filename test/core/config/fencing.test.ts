/** stonith and stonith_host: which devices this node may use, what is said about them, and that no secret is. */
import { describe, expect, test } from 'vitest';
import { judgeAsHeartbeat } from '../../../src/core/config/as-heartbeat.ts';
import type { Configuration } from '../../../src/core/config/configuration.ts';
import { configurationChanges } from '../../../src/core/config/configuration-changes.ts';
import { plugOf, readParameters, servesPeer } from '../../../src/core/config/fencing/fence-device.ts';
import type { FenceFile } from '../../../src/core/config/fencing/fence-file.ts';
import type { HostFacts } from '../../../src/core/config/host-facts.ts';
import type { ParsedConfiguration } from '../../../src/core/config/parse-configuration.ts';
import { configuredProtection } from '../../../src/core/config/protection.ts';
import { renderFinding } from '../../../src/core/config/render-finding.ts';
import { effectiveValuesText } from '../../../src/core/config/values-text.ts';
import { nodeName } from '../../../src/core/types.ts';
import { baseHaCf, parse, parseAdded, spots } from './parsing.ts';

const password = 'Zq7-do-not-show';
const [node1, node2] = [nodeName('node1'), nodeName('node2')];
const pair = { self: node1, peer: node2 };

function devicesOf({ configuration }: ParsedConfiguration): Configuration['fencing'] {
  return configuration?.fencing;
}

function withFile(file: Partial<FenceFile>): Partial<HostFacts> {
  return { fenceFile: () => ({ mode: 0o100600, ownerId: 0, runningId: 0, ...file }) };
}

describe('who may use a device', () => {
  test('without a line there is no fencing at all', () => {
    expect(parse().configuration).not.toHaveProperty('fencing');
  });

  test('lines for this machine and for every one count, in the order of the file; others do not', () => {
    const parsed = parseAdded(
      'stonith_host node2 external/a x\nstonith_host node1 fence_x ip=1.2.3.4\nstonith_host * wti_nps node1 node2\nstonith_host NODE1 fence_x ip=5.6.7.8\n',
    );
    expect(devicesOf(parsed)?.devices).toEqual([
      {
        name: 'fence_x',
        type: 'fence_x',
        kind: 'agent',
        parameters: { form: 'named', values: { ip: '1.2.3.4' } },
        pair,
      },
      {
        name: 'wti_nps',
        type: 'wti_nps',
        kind: 'plugin',
        parameters: { form: 'positional', text: 'node1 node2' },
        pair,
      },
      {
        name: 'fence_x-2',
        type: 'fence_x',
        kind: 'agent',
        parameters: { form: 'named', values: { ip: '5.6.7.8' } },
        pair,
      },
    ]);
  });

  test('lines for other machines only: fencing is wanted, and there is no device', () => {
    const parsed = parseAdded('stonith_host node2 external/ipmi node1 10.0.0.1 admin secret lan\n');
    expect(devicesOf(parsed)).toMatchObject({ devices: [] });
    expect(spots(parsed)).toEqual(['ha.cf:7:14 fence-none-for-this-node']);
    expect(configuredProtection(parsed.configuration!)).toMatchObject({ state: 'CANNOT FAIL OVER' });
  });

  test('a device of this machine itself is not one against the other', () => {
    const lines = (host: string): string => `stonith_host * external/ipmi ${host} 10.0.0.1 admin secret lan\n`;
    expect(devicesOf(parseAdded(lines('node1') + lines('node2')))?.devices.map(({ name }) => name)).toEqual([
      'external/ipmi',
    ]);
    const parsed = parseAdded(lines('node1'));
    expect(devicesOf(parsed)?.devices).toEqual([]);
    expect(spots(parsed)).toEqual(['ha.cf:7:16 fence-not-for-peer']);
  });

  test.each([
    ['pcmk_host_list=node1', false],
    ['pcmk_host_list=node1,node2', true],
    ['pcmk_host_map=node1:3;node2:4', true],
    ['hostname=node1', false],
    ['hostlist=node2', true],
    ['port=node1', false],
    ['plug=NODE1', false],
    ['port=node2', true],
    ['port=7', true],
    ['ip=node1', true],
    ['ip=10.0.0.1', true],
  ])('%s', (word, serves) => {
    expect(servesPeer(readParameters([word]), node1, node2)).toBe(serves);
  });

  test('of a line for each outlet of one switch only that of the other node is used', () => {
    const lines = ['node1', 'node2'].map((port) => `stonith_host * fence_x ip=pdu port=${port}\n`).join('');
    expect(devicesOf(parseAdded(lines))?.devices.map(({ parameters }) => parameters)).toEqual([
      { form: 'named', values: { ip: 'pdu', port: 'node2' } },
    ]);
  });

  test('the plug of a node', () => {
    const parameters = readParameters(['pcmk_host_map=node1:3;node2:4']);
    expect([plugOf(parameters, node1), plugOf(parameters, node2), plugOf(parameters, nodeName('node3'))]).toEqual([
      '3',
      '4',
      undefined,
    ]);
  });

  test('the digest knows type and host of every line, and no parameter', () => {
    const digestOf = (lines: string): string => parseAdded(lines).configuration!.digest;
    const one = digestOf('stonith_host node1 fence_x password=a\n');
    expect(one).not.toBe(parse().configuration!.digest);
    expect(digestOf('stonith_host node1 fence_x password=b\n')).toBe(one);
    expect(digestOf('stonith_host node2 fence_x password=a\n')).not.toBe(one);
    expect(digestOf('stonith_host node1 fence_y password=a\n')).not.toBe(one);
  });
});

describe('the file of a stonith line', () => {
  const line = 'stonith external/ipmi /etc/ha.d/ipmi\n';
  test('the first line that says something is positional, as in Heartbeat', () => {
    const parsed = parseAdded(line, withFile({ text: '# node2\n\n node2 10.0.0.2 admin a secret\nsecond line\n' }));
    expect(devicesOf(parsed)?.devices[0]?.parameters).toEqual({
      form: 'positional',
      text: 'node2 10.0.0.2 admin a secret',
    });
  });

  test('name=value lines are read by name, blanks in values included', () => {
    const text = '# board\nipaddr=10.0.0.2\npasswd=two words\n';
    const parsed = parseAdded('stonith fence_ipmilan /etc/ha.d/ipmi\n', withFile({ text }));
    expect(devicesOf(parsed)?.devices[0]?.parameters).toEqual({
      form: 'named',
      values: { ipaddr: '10.0.0.2', passwd: 'two words' },
    });
  });

  test.each([
    [{ problem: 'there is no such file' }, 'fence-file-unreadable'],
    [{ text: '# nothing\n' }, 'fence-file-empty'],
    [{ text: 'x y', mode: 0o100666 }, 'fence-file-unsafe'],
    [{ text: 'x y', ownerId: 1000 }, 'fence-file-unsafe'],
  ])('%j is refused: %s', (file, code) => {
    const parsed = parseAdded(line, withFile(file));
    expect(parsed.configuration).toBeUndefined();
    expect(spots(parsed)).toEqual([`ha.cf:7:23 ${code}`]);
  });

  test('one that everybody can read is a warning', () => {
    const parsed = parseAdded(line, withFile({ text: 'node2 x', mode: 0o100644 }));
    expect(spots(parsed)).toEqual(['ha.cf:7:23 fence-file-mode']);
    expect(devicesOf(parsed)?.devices.length).toBe(1);
  });

  test('without a file Heartbeat starts, and has no device; we do not start', () => {
    const parsed = parseAdded('stonith null\n');
    expect(parsed.configuration).toBeUndefined();
    expect(spots(parsed)).toEqual(['ha.cf:7:9 fence-file-unnamed']);
    expect(judgeAsHeartbeat(parsed.findings).refusals.map(({ code }) => code)).toEqual([
      'authkeys-unknown-to-heartbeat',
    ]);
  });

  test('Heartbeat reads names in a file as values', () => {
    const parsed = parseAdded(line, withFile({ text: 'hostname=node2\nipaddr=1\n' }));
    expect(spots(parsed)).toEqual(['ha.cf:7:23 fence-file-named']);
    expect(parsed.configuration?.fencing?.devices.length).toBe(1);
  });
});

describe('what is said about devices', () => {
  test.each([
    ['stonith_host * ../../tmp/x a\n', 'ha.cf:7:16 fence-type'],
    ['stonith_host * external/../x a\n', 'ha.cf:7:16 fence-type'],
    ['stonith_host * fence_x 10.0.0.2 admin\n', 'ha.cf:7:16 fence-parameters-unnamed'],
    ['stonith_host * null\n', 'ha.cf:7:16 fence-parameters-missing'],
  ])('%j is refused', (lines, spot) => {
    const parsed = parseAdded(lines);
    expect(parsed.configuration).toBeUndefined();
    expect(spots(parsed)).toContain(spot);
  });

  test('a type that is not installed is refused here, and not asked for on the other machine', () => {
    const missing: Partial<HostFacts> = {
      fenceProgramMissing: () => ({ places: '/usr/sbin/fence_x', agent: true }),
    };
    const parsed = parseAdded('stonith_host * fence_x a=b\n', missing);
    expect(parsed.configuration).toBeUndefined();
    expect(spots(parsed)).toContain('ha.cf:7:16 fence-not-installed');
    expect(spots(parseAdded('stonith_host node2 fence_x a=b\n', missing))).not.toContain(
      'ha.cf:7:20 fence-not-installed',
    );
  });

  test('a host that is no node', () => {
    expect(spots(parseAdded('stonith_host nodel fence_x a=b\n'))).toEqual([
      'ha.cf:7:14 fence-host-unknown',
      'ha.cf:7:14 fence-none-for-this-node',
    ]);
  });

  test('a password in a file that everybody can read', () => {
    const open: Partial<HostFacts> = { haCfMode: 0o100644 };
    const warned = 'ha.cf:7:16 fence-secret-readable';
    for (const line of ['fence_x passwd=a', 'external/ipmi node2 1.2.3.4 admin a lan'])
      expect(spots(parseAdded(`stonith_host * ${line}\n`, open))).toContain(warned);
    for (const line of ['null node1 node2', 'fence_x ip=a'])
      expect(spots(parseAdded(`stonith_host * ${line}\n`, open))).not.toContain(warned);
    const closed = parseAdded('stonith_host * fence_x passwd=a\n', { haCfMode: 0o100600 });
    expect(spots(closed)).not.toContain(warned);
  });

  test.each([
    ['', 'stonith_host * fence_x power_timeout=80\n', ['ha.cf:7:16 fence-timeout-short']],
    ['fence_timeout 20\n', 'stonith_host * fence_x ip=a\n', ['pairbeat.conf:1:15 fence-timeout-short']],
    ['fence_timeout 20\n', 'stonith_host * fence_x login_timeout=3 power_timeout=3\n', []],
    ['', 'stonith_host * fence_ipmilan ip=a\n', ['ha.cf:7:16 fence-delay-short']],
    ['', 'stonith_host * rhcs/ipmilan ip=a\n', ['ha.cf:7:16 fence-parameters-named', 'ha.cf:7:16 fence-delay-short']],
    ['', 'stonith_host * fence_ipmilan ip=a power_wait=1\n', []],
    ['fence_delay 5\n', 'stonith_host * fence_ipmilan ip=a\n', []],
    ['fence_delay 5\n', 'stonith_host * fence_ipmilan delay=3\n', ['pairbeat.conf:1:13 fence-delay-short']],
    ['fence_delay 0\n', 'stonith_host * fence_ipmilan ip=a\n', ['pairbeat.conf:1:13 fence-no-delay']],
    ['fence_delay 61\n', 'stonith_host * fence_aws plug=i\n', ['ha.cf:7:16 fence-timeout-short']],
    [
      'fence_delay 60\n',
      'stonith_host * fence_aws plug=i\n',
      ['ha.cf:7:16 fence-timeout-short', 'pairbeat.conf:1:13 fence-delay-short'],
    ],
    ['fence_delay 60\n', 'stonith_host * fence_aws power_timeout=40\n', []],
    ['fence_delay 0\n', 'stonith_host * wti_nps node2\n', ['pairbeat.conf:1:13 fence-no-delay']],
    ['wait_for_all off\n', 'stonith_host * wti_nps node2\n', ['pairbeat.conf:1:14 fence-boot-loop']],
    ['fence_delay 3\n', '', ['pairbeat.conf:1:13 fence-options-idle']],
  ])('pairbeat.conf %j with %j', (pairbeatConf, lines, expected) => {
    expect(
      spots(parse({ haCf: baseHaCf + lines, pairbeatConf })).filter((spot) => !spot.endsWith('heartbeat')),
    ).toEqual(expected);
  });

  test('the options of pairbeat.conf', () => {
    const pairbeatConf =
      'fence_action off\nfence_timeout 90\nfence_delay 500ms\nwait_for_all off\nfence_probe_interval 0\n';
    expect(parse({ pairbeatConf }).configuration?.tuning).toMatchObject({
      fenceAction: 'off',
      fenceTimeoutMs: 90_000,
      fenceDelayMs: 500,
      waitForAll: false,
      fenceProbeIntervalMs: 0,
    });
  });

  describe('a device that proves nothing', () => {
    const types = [
      'null node1 node2',
      'ssh node1 node2',
      'external/ssh node1 node2',
      'fence_dummy type=file',
      'fence_watchdog plug=node2',
      'fence_heuristics_ping ping_targets=10.0.0.1',
      'rhcs/heuristics_ping ping_targets=10.0.0.1',
      'fence_crosslink crosscableip=10.0.0.1',
      'fence_scsi key=1',
      'fence_mpath key=1',
      'fence_ifmib ip=a',
    ];

    test.each(types)('%s alone protects nothing, and that is said', (line) => {
      const parsed = parseAdded(`stonith_host * ${line}\n`);
      expect(devicesOf(parsed)?.devices).toEqual([]);
      expect(spots(parsed)).toContain('ha.cf:7:16 fence-no-proof');
      expect(spots(parsed)).not.toContain('ha.cf:7:16 fence-not-for-peer');
      expect(configuredProtection(parsed.configuration!).state).toBe('CANNOT FAIL OVER');
    });

    test.each(types)('%s beside one that does is not used: what protects is the other one', (line) => {
      const parsed = parseAdded(`stonith_host * ${line}\nstonith_host * fence_x ip=a\n`);
      expect(devicesOf(parsed)?.devices.map(({ name }) => name)).toEqual(['fence_x']);
      expect(configuredProtection(parsed.configuration!)).toMatchObject({
        state: 'PROTECTED',
        reason: expect.stringContaining('fenced by fence_x:'),
      });
    });

    test.each(['fence_ipmilan ip=a', 'external/ipmi node2 a b c lan', 'meatware node2', 'fence_dummyx ip=a'])(
      '%s is none',
      (line) => {
        const parsed = parseAdded(`stonith_host * ${line}\n`);
        expect(devicesOf(parsed)?.devices.length).toBe(1);
        expect(parsed.findings.map(({ code }) => code)).not.toContain('fence-no-proof');
      },
    );
  });

  test('PROTECTED by name of the device', () => {
    const { configuration } = parseAdded('stonith_host * fence_x ip=a\n');
    expect(configuredProtection(configuration!)).toMatchObject({
      state: 'PROTECTED',
      reason: expect.stringContaining('fenced by fence_x'),
    });
  });

  test('whether Heartbeat would still load it', () => {
    const judged = (lines: string): { readonly loads: boolean; readonly differences: readonly string[] } => {
      const { refusals, differences } = judgeAsHeartbeat(parseAdded(lines).findings);
      const codes = refusals.map(({ code }) => code).filter((code) => code !== 'authkeys-unknown-to-heartbeat');
      return { loads: codes.length === 0, differences: differences.map(({ code }) => code) };
    };
    expect(judged('stonith_host * external/ipmi node2 1.2.3.4 a b lan\n')).toEqual({ loads: true, differences: [] });
    expect(judged('stonith_host * fence_x ip=a\n')).toEqual({ loads: false, differences: [] });
    expect(judged('stonith_host * rhcs/x ip=a\n')).toEqual({ loads: true, differences: ['fence-parameters-named'] });
    expect(judged('stonith_host * rhcs/fence_x ip=a\n')).toEqual({ loads: false, differences: [] });
    expect(judged('stonith_host * external/ipmi hostname=node2\n')).toEqual({
      loads: true,
      differences: ['fence-parameters-named'],
    });
    expect(judged('stonith_host * null\n')).toEqual({ loads: false, differences: [] });
    expect(judged('stonith_host * wti_nps node2\nstonith_host * apcmaster node2\n')).toEqual({
      loads: true,
      differences: ['fence-several'],
    });
    expect(judged('stonith_host * null node2\n')).toEqual({ loads: true, differences: ['fence-no-proof'] });
    expect(judged('stonith_host * fence_dummy type=file\n').loads).toBe(false);
  });
});

describe('secrets', () => {
  const lines = `stonith_host * fence_x ip=10.0.0.2 passwd=${password} login_timeout=90\nstonith_host node1 external/ipmi node2 10.0.0.2 admin ${password}\u0001 lan\nstonith_hosts * x y ${password}\n`;

  test('no finding shows a parameter, whatever is wrong with the line', () => {
    const parsed = parseAdded(lines, { haCfMode: 0o100644 });
    expect(parsed.findings.length).toBeGreaterThan(3);
    const shown = parsed.findings.map((finding) => renderFinding(finding)).join('\n') + JSON.stringify(parsed.findings);
    expect(shown).toContain('stonith_host');
    expect(shown).not.toContain(password);
  });

  test('neither do the values in force, the meaning, the parameters, nor the changes of a reload', () => {
    const before = parseAdded(`stonith_host * fence_x passwd=${password}\n`).configuration!;
    const after = parseAdded(`stonith_host * fence_x passwd=${password}2\n`).configuration!;
    const changes = configurationChanges(before, after);
    expect(changes).toEqual([{ sign: '+', line: 'fence device fence_x: other parameters', effect: 'now' }]);
    const { meaning, parameters, tuning } = before;
    const shown = JSON.stringify([changes, meaning, parameters, tuning, configuredProtection(before)]);
    expect(shown + effectiveValuesText(before)).not.toContain(password);
  });
});
