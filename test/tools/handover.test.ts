import { afterEach, expect, it } from 'vitest';
import { failure, success } from '../../src/core/result.ts';
import { runHandover } from '../../src/tools/handover.ts';
import { type FakeAnswer, type FakeDaemon, startFakeDaemon } from './fake-daemon.ts';
import { expectGolden, run, transcribe } from './run-command.ts';

const daemons: FakeDaemon[] = [];
afterEach(async () => {
  for (const daemon of daemons.splice(0)) await daemon.end();
});

const withAnswer = async (answer: FakeAnswer): Promise<FakeDaemon> => {
  const daemon = await startFakeDaemon({ standby: answer, takeover: answer });
  daemons.push(daemon);
  return daemon;
};

async function transcriptOf(daemon: { readonly runDir: string }, lines: readonly string[]): Promise<string> {
  let text = '';
  for (const line of lines) {
    const [command, ...argv] = line.split(' ');
    const name = command === 'hb_takeover' ? 'hb_takeover' : 'hb_standby';
    const answer = await run((terminal) => runHandover(name, argv, terminal), {
      environment: { PAIRBEAT_RUN_DIR: daemon.runDir },
    });
    text += transcribe(line, answer, { [daemon.runDir]: '/run/heartbeat' });
  }
  return text;
}

it('asks for the scope that the words of the originals mean', async () => {
  const daemon = await withAnswer(success({ state: 'accepted' }));
  const lines = [
    'hb_standby',
    'hb_standby all',
    'hb_standby local',
    'hb_standby foreign',
    'hb_standby failback',
    'hb_takeover',
    'hb_takeover failback',
  ];
  expectGolden('handover-accepted', await transcriptOf(daemon, lines));
  const asked = (verb: string, scope: string) => ({ verb, args: { scope, wait: false } });
  expect(daemon.asked).toMatchObject([
    asked('standby', 'all'),
    asked('standby', 'all'),
    asked('standby', 'local'),
    asked('standby', 'foreign'),
    asked('standby', 'foreign'),
    asked('takeover', 'all'),
    asked('takeover', 'local'),
  ]);
});

it("waits with --wait, and says how long it took by the daemon's clock", async () => {
  const daemon = await withAnswer(success({ state: 'done', durationMs: 4.2 }));
  expectGolden('handover-wait', await transcriptOf(daemon, ['hb_standby --wait', 'hb_takeover --wait local']));
  expect(daemon.asked[0]?.args).toEqual({ scope: 'all', wait: true });
});

it.each([
  ['peer-not-there', { peer: 'node2', scope: 'all' }],
  ['peer-not-ready', { peer: 'node2', scope: 'all' }],
  ['handover-in-progress', { peer: 'node2', scope: 'all' }],
  ['nothing-to-give', { peer: 'node2', scope: 'all' }],
  ['not-a-member', { peer: 'node2', scope: 'all' }],
])('explains the refusal %s', async (code, fields) => {
  const daemon = await withAnswer(failure(code, fields));
  expectGolden(`handover-${code}`, await transcriptOf(daemon, ['hb_standby', 'hb_takeover --wait']));
});

it('shows its usage, with exit code 1 as the originals, and asks nothing', async () => {
  const daemon = await withAnswer(success({}));
  expectGolden(
    'handover-usage',
    await transcriptOf(daemon, [
      'hb_standby bogus',
      'hb_takeover a b',
      'hb_standby --help',
      'hb_takeover -h',
      'hb_standby --force',
    ]),
  );
  expect(daemon.asked).toEqual([]);
});

it('says that no daemon runs', async () => {
  expectGolden(
    'handover-stopped',
    await transcriptOf({ runDir: '/nonexistent/heartbeat' }, ['hb_standby', 'hb_takeover']),
  );
});
