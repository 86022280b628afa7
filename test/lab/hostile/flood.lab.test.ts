/**
 * L5, S18: twenty thousand hostile packets a second on the link that carries the keepalives. What comes late is counted
 * by the receiving node itself (`late` in its status), what leaves late by a third machine that listens.
 */
import { expectAtMost, expectEqual, expectTrue } from '../expect.ts';
import { Pair } from '../pair.ts';
import { type LabTest, type LabTestContext, labTest } from '../runner.ts';
import { type FloodKind, type FloodReport, runFlood, type Usage, usageOf, watchWire } from './flood.ts';

const keepaliveMs = 100;
const deadtimeMs = 1000;
/** A third of deadtime, as the lab's configuration has it. */
const warntimeMs = 333;
/** The attacker aims a little higher, so that a hiccup of the machine leaves it above what is demanded. */
const packetsPerSecond = 20_000;
const aim = 1.06;
/** 60,000 bytes each, in 41 fragments: as many frames. */
const oversizedPerSecond = 500;
const growthLimitKb = 48 * 1024;
const logLinesLimit = 40;

export interface FloodScene {
  readonly kinds: readonly FloodKind[];
  readonly seconds: number;
  readonly authkeys?: string;
}

const hmacKeys = 'auth 1\n1 sha256 lab-key-of-thirty-two-characters\n';

export const floodTests: readonly LabTest[] = [
  labTest('20,000 hostile packets a second: keepalives go out and come in on time, and nothing moves', (context) =>
    surviveFloods(context, { kinds: ['replay', 'spoofed', 'mixed'], seconds: 1 }),
  ),
];

const everyKind: readonly FloodKind[] = ['garbage', 'strangers', 'replay', 'spoofed', 'forged', 'oversized', 'mixed'];
const secret = 'lab-key-of-thirty-two-characters';

export const longFloodTests: readonly LabTest[] = [
  'crc',
  'sha1',
  'sha256',
  'sha512',
  'aes256gcm',
  'chacha20poly1305',
].map((method) =>
  labTest(
    `every kind of flood under ${method}`,
    (context) => {
      const authkeys = `auth 1\n1 ${method}${method === 'crc' ? '' : ` ${secret}`}\n`;
      return surviveFloods(context, { kinds: everyKind, seconds: 5, authkeys });
    },
    180_000,
  ),
);

/** Each kind of flood in turn on one pair at 100 ms keepalives. Nobody else measures: probes would be flooded as well. */
export async function surviveFloods(context: LabTestContext, scene: FloodScene): Promise<void> {
  const lab = await context.lab();
  const pair = new Pair(lab, { keepaliveMs, deadtimeMs, authkeys: scene.authkeys ?? hmacKeys });
  await pair.startBoth();
  const atFirst = await figuresOf(pair);
  for (const kind of scene.kinds) await surviveFlood(context, pair, kind, scene.seconds);
  const [node1, node2] = await figuresOf(pair);
  expectEqual(generations(node1!), generations(atFirst[0]!), 'the generations of both nodes');
  expectEqual(node1!.holdings, ['running', 'stopped'], 'holdings on node1, as node1 sees them');
  expectEqual(node2!.holdings, ['running', 'stopped'], 'holdings on node1, as node2 sees them');
  expectEqual(pair.httpdActions(lab.host('node2')), [], 'what node2 did to the web server');
}

async function surviveFlood(context: LabTestContext, pair: Pair, kind: FloodKind, seconds: number): Promise<void> {
  const { lab } = pair;
  const before = await figuresOf(pair);
  const watching = watchWire(lab.observer, lab.hosts, seconds + 1);
  const rate = kind === 'oversized' ? oversizedPerSecond : packetsPerSecond;
  const flood = await runFlood(lab.client, { kind, packetsPerSecond: Math.round(aim * rate), seconds });
  const after = await figuresOf(pair);
  const wire = await watching;
  context.note(noteOf(flood, before, after));
  expectTrue(flood.datagrams / (flood.tookMs / 1000) > 0.95 * rate, `the flood has ${rate} packets a second`, flood);
  for (const [index, host] of lab.hosts.entries()) {
    const [first, last] = [before[index]!, after[index]!];
    const details = [flood, wire, difference(first.counters, last.counters)];
    expectEqual(last.statuses, ['active', 'active'], `${kind}: both nodes as ${host.name} sees them`);
    expectAtMost(
      last.usage.residentKb - first.usage.residentKb,
      growthLimitKb,
      `${kind}: kB that ${host.name} grew by`,
    );
    expectAtMost(last.logLines - first.logLines, logLinesLimit, `${kind}: lines in the log of ${host.name}`);
    // Without real-time priority the machine may keep any process waiting; then only the outcome counts.
    if (!wire.realTime) continue;
    const late = (last.counters['late'] ?? 0) - (first.counters['late'] ?? 0);
    expectTrue(late === 0, `${kind}: no keepalive reaches ${host.name} later than warntime`, ...details);
    expectTrue(wire.nodes[host.name]!.longestGapMs <= warntimeMs, `${kind}: none leaves it later`, ...details);
  }
}

interface Figures {
  readonly statuses: readonly string[];
  readonly generations: readonly (number | undefined)[];
  readonly holdings: readonly string[];
  readonly counters: Readonly<Record<string, number>>;
  readonly usage: Usage;
  readonly logLines: number;
}

async function figuresOf(pair: Pair): Promise<Figures[]> {
  return Promise.all(
    pair.lab.hosts.map(async (host) => {
      const report = await pair.status(host);
      if (report === undefined) throw new Error(`${host.name} does not answer`);
      return {
        statuses: report.nodes.map((node) => node.status),
        generations: report.nodes.map((node) => node.generation),
        holdings: pair.lab.hosts.map(({ name }) => report.groups[0]?.holdings[name] ?? 'unknown'),
        counters: report.counters,
        usage: usageOf(pair.daemon(host).pid),
        logLines: pair.daemon(host).output().split('\n').length,
      };
    }),
  );
}

const generations = (figures: Figures): readonly (number | undefined)[] => figures.generations;

function difference(before: Figures['counters'], after: Figures['counters']): Record<string, number> {
  const changes = Object.entries(after).map(([name, value]) => [name, value - (before[name] ?? 0)] as const);
  return Object.fromEntries(changes.filter(([, change]) => change !== 0));
}

function noteOf(flood: FloodReport, before: readonly Figures[], after: readonly Figures[]): string {
  const share = (index: number, { cpuMs }: Usage) => (100 * (cpuMs - before[index]!.usage.cpuMs)) / flood.tookMs;
  const shares = after.map(({ usage }, index) => `${share(index, usage).toFixed(0)} %`);
  const grownMb = after.map(({ usage }, index) => (usage.residentKb - before[index]!.usage.residentKb) / 1024);
  const perSecond = Math.round(flood.datagrams / (flood.tookMs / 1000));
  return `${flood.kind}: ${perSecond}/s, daemons ${shares.join(' and ')} of a core, ${Math.max(...grownMb).toFixed(0)} MB more`;
}
