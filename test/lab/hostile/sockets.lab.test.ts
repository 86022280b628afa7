/** S18: slow, greedy and mad clients on every control socket and the FIFO. The daemon stays on time, and others are served. */
import { join } from 'node:path';
import { connect } from '../../../src/client/connection.ts';
import { expectAtMost, expectEqual, expectTrue } from '../expect.ts';
import { sleep } from '../machine.ts';
import { Pair } from '../pair.ts';
import { type LabTest, type LabTestContext, labTest } from '../runner.ts';
import { usageOf } from './flood.ts';

const growthLimitKb = 64 * 1024;
/** A hundred lines of one code at once, then one a second: what the log lets through of anything. */
const logLinesLimit = 160;

interface Greed {
  /** Of greedy-main.ts. */
  readonly kinds: readonly string[];
  readonly seconds: number;
  /** What some of them must have been told. */
  readonly told: readonly string[];
  /** The sockets are full: only those that were connected before are served. */
  readonly crowd?: true;
}

const crowd: Greed = { kinds: ['silent', 'churn'], seconds: 1, told: ['too-many-clients'], crowd: true };
const greed: Greed = {
  kinds: ['half', 'slow', 'large', 'deep', 'noise', 'pipelined', 'unread', 'refused', 'fifo'],
  seconds: 2,
  told: ['frame-oversized', 'frame-malformed', 'request-malformed', 'unknown-verb'],
};

async function serveOthers(context: LabTestContext, cases: readonly Greed[]): Promise<void> {
  const lab = await context.lab();
  const pair = new Pair(lab, { keepaliveMs: 100, deadtimeMs: 1000 });
  await pair.startBoth();
  for (const each of cases) await endure(context, pair, each);
}

async function endure(context: LabTestContext, pair: Pair, { kinds, seconds, told, crowd }: Greed): Promise<void> {
  const [node1, node2] = [pair.lab.host('node1'), pair.lab.host('node2')];
  const late = async () => (await pair.status(node2))?.counters['late'] ?? 0;
  const lateBefore = await late();
  const daemon = pair.daemon(node1);
  const before = { ...usageOf(daemon.pid), lines: daemon.output().split('\n').length };
  const friends = await Promise.all(
    (['read', 'operate', 'admin'] as const).map((rights) => connect(node1.path('/run/heartbeat'), rights)),
  );
  const script = join(import.meta.dirname, 'greedy-main.js');
  const greedy = node1.exec([process.execPath, script, '/run/heartbeat', String(seconds), ...kinds]);
  await sleep(500);
  const waitsMs = await Promise.all(
    friends.map(async (friend) => {
      if (!friend.ok) throw new Error(friend.problem.code);
      const askedMs = performance.now();
      const answer = await friend.value.request('status', {}, { timeoutMs: 5000 });
      expectTrue(answer.ok, `a friend is answered beside ${kinds.join(', ')}`, answer);
      friend.value.close();
      return Math.round(performance.now() - askedMs);
    }),
  );
  const result = await greedy;
  const after = { ...usageOf(daemon.pid), lines: daemon.output().split('\n').length };
  const grownKb = after.residentKb - before.residentKb;
  context.note(
    `${kinds.join(' ')}: friends waited ${waitsMs.join(', ')} ms; ${after.cpuMs - before.cpuMs} ms of processor in ${seconds} s, ${Math.round(grownKb / 1024)} MB more`,
  );
  for (const code of told) expectTrue(result.stdout.includes(`"${code}"`), `somebody was told ${code}`, result.stdout);
  expectEqual((await late()) - lateBefore, 0, `${kinds.join(' ')}: keepalives of node1 that came late`);
  expectAtMost(grownKb, growthLimitKb, 'kB that the daemon grew by');
  expectAtMost(after.lines - before.lines, logLinesLimit, 'lines in its log');
  if (crowd === undefined) return;
  expectTrue((await pair.status(node1)) !== undefined, 'who comes after the crowd is served');
}

export const socketTests: readonly LabTest[] = [
  labTest('greedy, slow and mad clients: the daemon stays on time, and others are served', (context) =>
    serveOthers(context, [crowd, greed]),
  ),
];

/** Each by itself, so that a fault has a name. */
export const longSocketTests: readonly LabTest[] = [...crowd.kinds, ...greed.kinds].map((kind) =>
  labTest(`clients: ${kind}`, (context) => serveOthers(context, [{ kinds: [kind], seconds: 5, told: [] }])),
);
