/** The command as a process, from dist (`npm run build` first): what only the entry point puts together. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const entry = join(import.meta.dirname, '../../dist/src/bin/pairbeat.js');

let haDir: string;
beforeEach(() => {
  haDir = mkdtempSync(join(tmpdir(), 'pairbeat-process-'));
});
afterEach(() => rmSync(haDir, { recursive: true }));

const pairbeat = (...argv: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [entry, ...argv], { encoding: 'utf8' });
  return { code: status, out: stdout, error: stderr };
};

describe('a configuration that cannot be used', () => {
  it('is the same exit code for check and observe: not configured', () => {
    writeFileSync(join(haDir, 'ha.cf'), 'keepalive never\n');
    expect(pairbeat('check', haDir).code).toBe(6);
    expect(pairbeat('observe', '--ha-dir', haDir).code).toBe(6);
  });

  it('is no matter of starting anything to somebody who only wants to listen', () => {
    writeFileSync(join(haDir, 'ha.cf'), 'keepalive never\n');
    const { error } = pairbeat('observe', '--ha-dir', haDir);
    expect(error).toContain('listen');
    expect(error).not.toMatch(/start|daemon/);
  });
});

describe('a simulation, which is one bundled file with code compiled by the build', () => {
  const bin = join(import.meta.dirname, '../../dist/src/bin');
  const pair = join(import.meta.dirname, 'simulate/pair.xml');
  const node = (...argv: readonly string[]) => spawnSync(process.execPath, argv, { encoding: 'utf8' });

  it.each([
    ['pairbeat.js', 'pairbeat-main.js', ['simulate', '--cib', pair, '--now', '2026-01-01', '--steps', '--json']],
    ['crm_simulate.js', 'crm-simulate-process.js', ['-x', pair, '-S', '-t', '2026-01-01']],
  ])('%s says the same as module by module', (bundled, modules, argv) => {
    const name = bundled === 'pairbeat.js' ? 'simulate-process' : 'crm-simulate-process';
    expect(existsSync(join(bin, `${name}.bundle.cjs.cache`))).toBe(true);
    const fast = node(join(bin, bundled), ...argv);
    expect(fast.stdout).toContain('node1');
    expect(fast).toMatchObject({ status: 0, stderr: '' });
    expect(fast.stdout).toBe(node(join(bin, modules), ...argv).stdout);
  });
});
