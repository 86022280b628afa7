/** The table is the source of parser, schema and reference; here it is held against each of them. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { differencesReference } from '../../../src/core/config/differences.ts';
import { directives, isScalar } from '../../../src/core/config/directives.ts';
import { findingCodes, findingText } from '../../../src/core/config/finding-texts.ts';
import { findingsReference, haCfReference, pairbeatConfReference } from '../../../src/core/config/reference.ts';
import { parametersSchema } from '../../../src/core/config/schema.ts';
import { effectiveValuesText } from '../../../src/core/config/values-text.ts';
import { expectGolden } from '../../golden.ts';
import { baseHaCf, parse, parseAdded } from './parsing.ts';

/** Every word that heartbeat.md lists for ha.cf, whatever becomes of it. */
const documented =
  'node keepalive deadtime warntime initdead deadping udpport baud serial bcast mcast mcast6 ucast ucast6 tipc rds hbaping openais ping ping6 ping_group auto_failback nice_failback stonith stonith_host watchdog respawn failfast apiauth hopfudge hbgenmethod uuidfrom realtime rtprio debug debugfile logfile logfacility use_logd conn_logd_time syslogmsgfmt log_badpack use_apphbd coredumps coreroot compression compression_threshold traditional_compression msgfmt max_rexmit_delay autojoin cluster quorum_server env memreserve crm pacemaker crm_daemon_dir crmd_spawns_pengine record_config_changes record_pengine_inputs enable_config_writes normalpoll udp'.split(
    ' ',
  );

describe('the directive table', () => {
  test('knows every directive of Heartbeat 3.0.6, once', () => {
    const names = directives.filter((directive) => directive.file === 'ha.cf').map((directive) => directive.name);
    expect([...names].sort()).toEqual([...documented].sort());
    expect(new Set(names).size).toBe(names.length);
  });

  test('gives a reason for everything that does not do what it says', () => {
    for (const directive of directives) {
      expect(directive.reason === undefined, directive.name).toBe(directive.status === 'active');
    }
  });

  test('a default that is written down is what holds without it', () => {
    const before = parse({ pairbeatConf: '' }).configuration;
    for (const directive of directives) {
      const value = directive.default;
      if (value === undefined || !isScalar(directive) || /\s/.test(value) || directive.file !== 'pairbeat.conf')
        continue;
      const after = parse({ pairbeatConf: `${directive.name} ${value}\n` }).configuration;
      expect(after?.tuning, directive.name).toEqual(before?.tuning);
    }
    for (const line of ['hopfudge 1', 'max_rexmit_delay 250', 'msgfmt classic', 'rtprio 1', 'realtime on', 'debug 0']) {
      const { parameters: _after, ...after } = parseAdded(`${line}\n`).configuration!;
      const { parameters: _before, ...plain } = parse().configuration!;
      expect(after, line).toEqual(plain);
      const [name, value] = line.split(' ');
      expect(directives.find((directive) => directive.name === name)?.default).toBe(value);
    }
  });

  test('its JSON schema accepts what the parser accepted and refuses what no directive is', () => {
    const validate = new Ajv2020().compile(parametersSchema());
    expect(validate(parse().configuration?.parameters), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ ...parse().configuration?.parameters, keepalive: '1s' })).toBe(false);
    expect(validate({ nonsense: '1' })).toBe(false);
  });
});

describe('texts made from the tables', () => {
  test('every finding has words without holes', () => {
    const fields = new Proxy({}, { get: (_target, name) => (typeof name === 'string' ? name : undefined) });
    for (const code of findingCodes) {
      const text = findingText(code);
      expect(text.problem(fields).length, code).toBeGreaterThan(10);
      expect(text.problem(fields) + (text.advice?.(fields) ?? ''), code).not.toMatch(/undefined|\[object/);
    }
  });

  test('the reference pages say what the tables say', () => {
    expectGolden('docs/reference/ha.cf.md', haCfReference());
    expectGolden('docs/reference/pairbeat.conf.md', pairbeatConfReference());
    expectGolden('docs/reference/findings.md', findingsReference());
    expectGolden('docs/reference/differences.md', differencesReference());
  });

  test('heartbeat -v', () => {
    expectGolden('test/core/config/golden/effective-values.txt', effectiveValuesText(parse().configuration!));
  });

  test('what heartbeat -v prints loads again with the same meaning', () => {
    const before = parseAdded(
      'respawn root /bin/true a\napiauth x uid=root,0 gid=haclient\nwatchdog /dev/null\nenv A=1\nmcast eth1 225.0.0.1 694 1 1\nkeepalive 500ms\nudpport 701\nbcast eth1\nping 10.0.0.250\nping6 fd00::1\nping_group g 10.0.0.251 10.0.0.252\n',
    ).configuration!;
    const text = effectiveValuesText(before).split('# pairbeat.conf');
    const after = parse({ haCf: text[0]!, pairbeatConf: text[1]! });
    expect(after.findings.filter((finding) => finding.severity === 'error')).toEqual([]);
    expect(after.configuration?.digest).toBe(before.digest);
    expect(after.configuration?.links).toEqual(before.links);
    const { services, clients, watchdog, pingNodes, tuning } = before;
    expect(after.configuration).toMatchObject({ services, clients, watchdog, pingNodes, tuning });
    expect(pingNodes.length).toBe(3);
    expect(services.length).toBe(1);
    expect(baseHaCf).toContain('ucast eth0 192.168.1.8');
  });
});
