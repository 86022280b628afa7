/** Asks both daemons for their status ten times a second, and adds up the time in which the pair calls itself protected. */
import { existsSync } from 'node:fs';
import { ask } from '../../src/client/connection.ts';
import type { StatusReport } from '../../src/protocol/status.ts';
import type { Host } from '../lab/host.ts';
import type { Lab } from '../lab/lab.ts';
import { sleep } from '../lab/machine.ts';

const everyMs = 100;
/** A node that does not answer within this is not asked again before. */
const timeoutMs = 1000;
/** Two answers further apart than this say nothing about the time between them. */
const gapMs = 500;
const wordsMax = 30;

interface Said {
  readonly askedMs: number;
  readonly atMs: number;
  readonly report: StatusReport;
}

export class StatusPoller {
  /** Milliseconds in which at least one living node called the pair PROTECTED, by its own word. */
  protectedMs = 0;
  /** The word and its reason, as the nodes gave them, to how often. */
  readonly words = new Map<string, number>();
  private readonly lab: Lab;
  private readonly said = new Map<string, Said>();
  private protectedUntilMs = 0;
  private going = false;

  constructor(lab: Lab) {
    this.lab = lab;
  }

  begin(): void {
    this.going = true;
    for (const host of this.lab.hosts) void this.poll(host);
  }

  end(): void {
    this.going = false;
  }

  /** What a node said last, if it was asked after `sinceMs` (of `performance.now()`) and not long ago. */
  latest(node: string, sinceMs: number): StatusReport | undefined {
    const said = this.said.get(node);
    const fresh = said !== undefined && said.askedMs >= sinceMs && performance.now() - said.atMs <= gapMs;
    return fresh ? said.report : undefined;
  }

  private async poll(host: Host): Promise<void> {
    while (this.going) {
      const beganMs = performance.now();
      const report = await statusOf(host);
      if (report !== undefined) this.note(host.name, beganMs, report);
      await sleep(Math.max(10, everyMs - (performance.now() - beganMs)));
    }
  }

  private note(node: string, askedMs: number, report: StatusReport): void {
    const atMs = performance.now();
    const before = this.said.get(node);
    this.said.set(node, { askedMs, atMs, report });
    const { state, reason } = report.protection;
    const word = `${state}: ${reason}`.slice(0, 160);
    if (this.words.has(word) || this.words.size < wordsMax) this.words.set(word, (this.words.get(word) ?? 0) + 1);
    const wasProtected = before?.report.protection.state === 'PROTECTED' && report.pid === before.report.pid;
    if (!wasProtected || report.protection.state !== 'PROTECTED' || atMs - before.atMs > gapMs) return;
    // Time that the other node has already vouched for counts once.
    this.protectedMs += Math.max(0, atMs - Math.max(before.atMs, this.protectedUntilMs));
    this.protectedUntilMs = Math.max(this.protectedUntilMs, atMs);
  }
}

async function statusOf(host: Host): Promise<StatusReport | undefined> {
  try {
    if (!host.running) return undefined;
    const runDirectory = host.path('/run/heartbeat');
    if (!existsSync(runDirectory)) return undefined;
    const answer = await ask(runDirectory, 'status', {}, { timeoutMs });
    return answer.ok ? (answer.value as StatusReport) : undefined;
  } catch {
    // The machine lost its power while it was asked.
    return undefined;
  }
}
