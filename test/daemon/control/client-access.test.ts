/** `apiauth` at the control sockets: who is refused, with what words, and under which name tools come. */
import { spawnSync } from 'node:child_process';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { clientName } from '../../../src/client/client-name.ts';
import { ask } from '../../../src/client/connection.ts';
import type { ClientAccess } from '../../../src/core/client-access.ts';
import { clientAccess } from '../../../src/daemon/client-access.ts';
import { peerCredentials } from '../../../src/io/peer-credentials.ts';
import { describe as words } from '../../../src/protocol/catalogue.ts';
import { exitCodeOf } from '../../../src/protocol/exit-codes.ts';
import { type FakeDaemon, startFakeDaemon } from '../../tools/fake-daemon.ts';

const daemons: FakeDaemon[] = [];
afterEach(async () => {
  for (const daemon of daemons.splice(0)) await daemon.end();
});
async function fake(...[answers, options]: Parameters<typeof startFakeDaemon>): Promise<FakeDaemon> {
  const daemon = await startFakeDaemon(answers, options);
  daemons.push(daemon);
  return daemon;
}
const name = clientName() ?? 'anon';
const alice = { pid: 7, uid: 1001, gids: [100, 50] };
const only = (rule: Partial<ClientAccess['rules'][number]>): ClientAccess => ({
  rules: [{ client: name, uids: [], gids: [], ...rule }],
  builtIn: [],
  ownerUid: 0,
});

describe('a tool', () => {
  it('is refused with words and an exit code of its own when no rule admits its user', async () => {
    const daemon = await fake({}, { credentials: () => alice, access: only({ uids: [7] }) });
    const answer = await ask(daemon.runDir, 'standby', { scope: 'all' });
    if (answer.ok) throw new Error('it was admitted');
    expect(answer.problem).toMatchObject({
      code: 'client-refused',
      fields: { client: name, uid: 1001, verb: 'standby' },
    });
    expect(words(answer.problem).what).toContain('does not admit uid 1001');
    expect(exitCodeOf(answer.problem)).toBe(4);
    expect(daemon.asked).toEqual([]);
  });

  it('is served when a supplementary group of its user is listed', async () => {
    const daemon = await fake({}, { credentials: () => alice, access: only({ gids: [50] }) });
    expect((await ask(daemon.runDir, 'standby', { scope: 'all' })).ok).toBe(true);
    expect(daemon.logged[0]?.fields['who']).toBe(`${name} of uid 1001 (pid 7) on oper.sock`);
  });

  it('that says no name, or one that is none, is anon', async () => {
    const access = { ...only({}), rules: [{ client: 'anon', uids: [7], gids: [] }] };
    const daemon = await fake({}, { credentials: () => alice, access });
    for (const client of [undefined, 'x'.repeat(65), 'a b', 7]) {
      const socket = createConnection({ path: join(daemon.runDir, 'status.sock') });
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk.toString();
      });
      socket.end(`${JSON.stringify({ v: 1, id: 1, verb: 'status', args: {}, client })}\n`);
      await new Promise((resolve) => socket.once('close', resolve));
      expect(text).toContain('"client":"anon"');
    }
  });
});

describe('the name of a client', () => {
  it('is that of its command, wherever it lies', () => {
    expect(['/usr/local/bin/cl_status', '/x/dist/src/bin/hb_standby.js', '/x/bin/pairbeat.ts'].map(clientName)).toEqual(
      ['cl_status', 'hb_standby', 'pairbeat'],
    );
    expect(clientName('/x/a b')).toBeUndefined();
  });
});

describe('the rules of ha.cf', () => {
  it('are resolved to the numbers of this machine; who is unknown admits nobody', () => {
    const { rules } = clientAccess([{ client: 'x', users: ['root', '17', 'no-such-user'], groups: ['root', '90'] }]);
    expect(rules).toEqual([{ client: 'x', uids: [0, 17], gids: [0, 90] }]);
  });
});

describe('the kernel', () => {
  it('names the groups of who asks', async () => {
    const daemon = await fake({}, { credentials: (fd) => (seen = peerCredentials(fd)) });
    let seen: ReturnType<typeof peerCredentials>;
    await ask(daemon.runDir, 'status', {});
    const own = spawnSync('id', ['-G'], { encoding: 'utf8' }).stdout.trim().split(/\s+/).map(Number);
    expect([...(seen?.gids ?? [])].sort()).toEqual([...own].sort());
    expect(seen?.pid).toBe(process.pid);
  });
});
