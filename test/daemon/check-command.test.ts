/** What `check` prints, to the letter, and what it exits with. UPDATE_GOLDEN=1 rewrites the texts. */
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runCheck } from '../../src/daemon/check-command.ts';
import { expectGolden } from '../golden.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'pairbeat-check-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const seed = join(import.meta.dirname, '../data/seed-config');
function writeSeed(keepLine: (line: string) => boolean): void {
  for (const name of ['haresources', 'authkeys']) copyFileSync(join(seed, name), join(directory, name));
  const lines = readFileSync(join(seed, 'ha.cf'), 'utf8').split('\n').filter(keepLine);
  writeFileSync(join(directory, 'ha.cf'), lines.join('\n'));
  chmodSync(join(directory, 'authkeys'), 0o600);
}
function writeFiles(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text, { mode: 0o600 });
}

async function check(
  options: { asHeartbeat?: boolean; json?: boolean; node?: string } = {},
): Promise<[string, number]> {
  let text = '';
  const code = await runCheck({ directory, asHeartbeat: false, json: false, node: 'node1', ...options }, (part) => {
    text += part;
  });
  return [text.replaceAll(directory, '/etc/ha.d'), code];
}
const golden = (name: string): string => join(import.meta.dirname, 'golden', name);

const broken = {
  'ha.cf':
    'logfile /var/log/ha-log\nkeepalive 1s\ndeadtime 2\nwarntme 1\n\tinitdead 10 # wait\nnode node1 node2 node3\nbcast\nmcast eth0 192.168.1.1 694 1\nauto_failback of\nwatchdog /dev/watchdog\nserial /dev/ttyS0\n',
  haresources: 'node1 10.0.0.1/24/eth0 web\nnode4 10.0.0.2/24/eth0\nnode2 10.0.0.1/24/eth0\n',
  authkeys: 'auth 1\n2 sha1 topsecret\n3 sha265 topsecret\n',
  'pairbeat.conf': 'stop_retry_max many\nkeepalive 1\n',
};

describe('pairbeat check', () => {
  test('seed configuration with crm respawn: valid, manages nothing, and says so, exit 0', async () => {
    writeSeed(() => true);
    const [text, code] = await check();
    expectGolden(golden('check-seed-crm.txt'), text);
    expect(code).toBe(0);
  });

  test('seed configuration without crm and pingd: valid, exit 0', async () => {
    writeSeed((line) => !/^crm|pingd/.test(line));
    const [text, code] = await check();
    expectGolden(golden('check-seed.txt'), text);
    expect(code).toBe(0);
  });

  test('fence devices that prove nothing: loud, and not PROTECTED', async () => {
    writeSeed((line) => !/^crm|pingd/.test(line));
    const haCf = readFileSync(join(directory, 'ha.cf'), 'utf8');
    const lines = 'stonith_host * null node1 node2\nstonith_host * ssh node1 node2\n';
    writeFiles({
      'ha.cf': `${haCf}${lines}stonith_host * fence_heuristics_ping ping_targets=10.0.0.1\nstonith_host * fence_scsi key=1\n`,
    });
    const [text, code] = await check();
    expectGolden(golden('check-no-proof.txt'), text);
    expect(code).toBe(0);
  });

  test('a fence device that takes longer than the delay between the two nodes', async () => {
    writeSeed((line) => !/^crm|pingd/.test(line));
    const haCf = readFileSync(join(directory, 'ha.cf'), 'utf8');
    const line = (node: string, type: string): string => `stonith_host ${node} ${type} plug=node2\n`;
    writeFiles({
      'ha.cf': `${haCf}${line('node1', 'fence_ipmilan')}${line('*', 'fence_aws')}`,
      'pairbeat.conf': 'fence_timeout 90\n',
    });
    const [text, code] = await check();
    expectGolden(golden('check-short-delay.txt'), text);
    expect(code).toBe(0);
  });

  test('a directory full of mistakes shows all of them with carets, and no key', async () => {
    writeFiles(broken);
    const [text, code] = await check();
    expectGolden(golden('check-broken.txt'), text);
    expect(text).not.toContain('topsecret');
    expect(code).toBe(6);
  });

  const device = 'a fence device (a stonith_host line in ha.cf, docs/fencing.md);';
  test.each([
    [['bcast eth0'], `${device} with eth0 alone, one cable splits the pair: add a link over another network`],
    [
      ['bcast eth0', 'mcast eth0 225.0.0.1 694 1 0'],
      `${device} with eth0 alone, one cable splits the pair: add a link over another network`,
    ],
    [
      ['bcast eth0', 'bcast eth1', 'ucast eth1 10.0.0.2'],
      `${device} links over 2 devices make a split unlikely, keep them on separate cables and switches`,
    ],
  ])('advice counts devices, not link lines: %j', async (links, advice) => {
    writeSeed((line) => !/^crm|pingd|^bcast/.test(line));
    writeFileSync(join(directory, 'ha.cf'), `${readFileSync(join(directory, 'ha.cf'), 'utf8')}\n${links.join('\n')}\n`);
    const answer = JSON.parse((await check({ json: true }))[0]);
    expect(answer.protection.advice).toBe(advice);
  });

  test('nothing is valid in an empty directory', async () => {
    const [text, code] = await check();
    expectGolden(golden('check-empty.txt'), text);
    expect(code).toBe(6);
  });

  test('a long line is cut to a window, with the caret under the word', async () => {
    writeSeed((line) => !/^crm|pingd/.test(line));
    writeFiles({ 'pairbeat.conf': `stop_timeout ${'7 '.repeat(100)}x ${'8 '.repeat(100)}\n` });
    const [text] = await check();
    const lines = text.split('\n');
    const at = lines.findIndex((line) => line.includes('"x" is not a time'));
    expect(lines[at + 2]!.indexOf('^')).toBe(lines[at + 1]!.indexOf('x'));
    expect(lines[at + 1]!.length).toBeLessThan(120);
  });
});

describe('check --as-heartbeat', () => {
  test('says what 3.0.6 would refuse, in its own exit code', async () => {
    writeFiles({ ...broken, authkeys: 'auth 1\n1 sha256 0123456789abcdef0123\n' });
    const [text, code] = await check({ asHeartbeat: true });
    expectGolden(golden('check-as-heartbeat-refused.txt'), text);
    expect(code).toBe(6);
  });

  test('the seed configuration would still load, although this version refuses crm', async () => {
    writeSeed((line) => !/pingd/.test(line));
    const [text, code] = await check({ asHeartbeat: true });
    expectGolden(golden('check-as-heartbeat-seed.txt'), text);
    expect(code).toBe(0);
  });

  test('mistakes in pairbeat.conf are none of its business', async () => {
    writeSeed((line) => !/^crm|pingd/.test(line));
    writeFiles({ 'pairbeat.conf': 'nonsense\n' });
    expect((await check({ asHeartbeat: true }))[1]).toBe(0);
    expect((await check())[1]).toBe(6);
  });
});

describe('check --json', () => {
  test('shows a guardian_margin that is written as it is written', async () => {
    writeSeed((line) => !/^crm|pingd/.test(line));
    writeFiles({ 'pairbeat.conf': 'guardian_margin 700ms\n' });
    const answer = JSON.parse((await check({ json: true }))[0]);
    expect(answer.configuration.tuning.guardianMarginMs).toBe(700);
  });

  test('has the envelope, every finding with its words, and no key', async () => {
    writeFiles(broken);
    const [text, code] = await check({ json: true });
    const answer = JSON.parse(text);
    expect(answer).toMatchObject({ apiVersion: '1', request: 'check', node: 'node1', status: { code: 6 } });
    expect(answer.findings[0]).toMatchObject({
      file: 'ha.cf',
      line: 2,
      column: 11,
      length: 2,
      code: 'value-time',
      severity: 'error',
    });
    expect(answer.configuration).toBeUndefined();
    expect(text).not.toContain('topsecret');
    expect(code).toBe(6);
  });

  test('shows the configuration and its protection when it is valid', async () => {
    writeSeed((line) => !/^crm|pingd/.test(line));
    const answer = JSON.parse((await check({ json: true }))[0]);
    expect(answer).toMatchObject({
      status: { code: 0 },
      asHeartbeat: { asked: false, loads: true },
      protection: { state: 'UNPROTECTED' },
      configuration: { nodes: ['node1', 'node2'], timing: { keepaliveMs: 2000 } },
    });
    // Not written means computed: what holds is shown (a tenth of 30 s, at most 2 s).
    expect(answer.configuration.tuning.guardianMarginMs).toBe(2000);
    expect(answer.weakAuthentication).toHaveLength(1);
    expect(JSON.stringify(answer)).not.toContain('secret');
  });
});
