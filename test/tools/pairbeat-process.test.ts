/** The command as a process, from dist (`npm run build` first): what only the entry point puts together. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
