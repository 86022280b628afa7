/** authkeys read again by a running daemon: all of it or nothing, and never a word of a secret. */
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stepEngine } from '../../src/core/engine.ts';
import type { Problem } from '../../src/core/result.ts';
import { type ChangeKeysOptions, changeKeys } from '../../src/daemon/change-keys.ts';
import { configurationOf, engineOf } from './twin-daemon.ts';

const secrets = ['0123456789abcdef0123456789abcdef', 'fedcba9876543210fedcba9876543210'];
let haDir = '';

beforeEach(() => {
  haDir = mkdtempSync(join(tmpdir(), 'pairbeat-keys-'));
});
afterEach(() => rmSync(haDir, { recursive: true, force: true }));

function write(text: string, mode = 0o600): void {
  writeFileSync(join(haDir, 'authkeys'), text, { mode });
  chmodSync(join(haDir, 'authkeys'), mode);
}

function daemon() {
  const engine = engineOf(configurationOf('node1', { authkeys: `auth 1\n1 sha1 ${secrets[0]}\n` }));
  const logged: Problem[] = [];
  const fed: string[] = [];
  const parts = {
    haDir,
    engine,
    log: { write: (_level: string, message: Problem) => void logged.push(message) },
    feed: (event: Parameters<typeof stepEngine>[1]) => {
      fed.push(event.event.type);
      stepEngine(engine, event, 1_000_000);
    },
  };
  const ask = (options: Partial<ChangeKeysOptions> = {}) => changeKeys(parts, { who: 'root', ...options });
  return { engine, logged, fed, ask };
}

const both = `auth 2\n1 sha1 ${secrets[0]}\n2 aes256gcm ${secrets[1]}\n`;

describe('changed keys', () => {
  it('hold from then on, and are told without their secrets', async () => {
    write(both);
    const { ask, engine, logged } = daemon();
    const report = await ask();
    expect(report).toEqual({
      ok: true,
      value: {
        changed: true,
        signsWith: 2,
        accepts: [
          { index: 1, method: 'sha1' },
          { index: 2, method: 'aes256gcm' },
        ],
      },
    });
    expect(engine.transport.authentication.sendIndex).toBe(2);
    expect(logged).toEqual([{ code: 'keys-changed', fields: { who: 'root', index: 2, accepts: '1 2' } }]);
    for (const secret of secrets) expect(JSON.stringify([report, logged])).not.toContain(secret);
    expect(await ask()).toMatchObject({ ok: true, value: { changed: false } });
    expect(logged).toHaveLength(1);
  });

  it('are only judged in a dry run', async () => {
    write(both);
    const { ask, engine, fed } = daemon();
    expect(await ask({ dryRun: true })).toMatchObject({ ok: true, value: { changed: true, signsWith: 2 } });
    expect(engine.transport.authentication.sendIndex).toBe(1);
    expect(fed).toEqual([]);
  });

  it.each([
    ['a mistake', 'auth 3\n1 sha1 x\n', 0o600, /no line below `auth 3`/],
    ['a method that does not exist', 'auth 1\n1 rot13 x\n', 0o600, /no method/],
    ['a file for everybody', both, 0o644, /mode 0644/],
    ['no key at all', '', 0o600, /no `auth` line/],
  ])('with %s are refused, the old ones stay, the log says why', async (_what, text, mode, reason) => {
    write(text, mode);
    const { ask, engine, logged, fed } = daemon();
    const before = engine.transport.authentication;
    for (const force of [false, true]) {
      const answer = await ask({ force });
      expect(answer).toMatchObject({ ok: false, problem: { code: 'authkeys-invalid' } });
      expect(!answer.ok && answer.problem.fields['reason']).toMatch(reason);
    }
    expect(engine.transport.authentication).toBe(before);
    expect([logged.length, fed]).toEqual([2, []]);
  });

  it('behind a symbolic link or missing are refused', async () => {
    const { ask } = daemon();
    expect(await ask()).toMatchObject({ ok: false, problem: { code: 'authkeys-invalid' } });
    writeFileSync(join(haDir, 'elsewhere'), both, { mode: 0o600 });
    symlinkSync('elsewhere', join(haDir, 'authkeys'));
    expect(await ask()).toMatchObject({ ok: false, problem: { code: 'authkeys-invalid' } });
  });

  it('that would cut the pair are refused unless the operator insists', async () => {
    write(`auth 2\n2 aes256gcm ${secrets[1]}\n`);
    const { ask, engine, logged } = daemon();
    engine.transport.peer!.signsWith = 1;
    expect(await ask()).toMatchObject({ ok: false, problem: { code: 'keys-drop-peers-key' } });
    expect(engine.transport.authentication.sendIndex).toBe(1);
    expect(logged.map(({ code }) => code)).toEqual(['keys-drop-peers-key']);
    expect(await ask({ force: true })).toMatchObject({ ok: true, value: { changed: true } });
    expect(engine.transport.authentication.sendIndex).toBe(2);
  });
});
