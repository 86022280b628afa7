/**
 * `heartbeat -R`: the daemon starts again, in the same process, and what it holds goes on running. The agent host keeps
 * it and watches over it; the new daemon adopts it. For the time in between the other node is told to wait longer, and
 * nothing happens before it has acknowledged that. So an upgrade of the software stops no resource.
 */
import type { Configuration } from '../../core/config/configuration.ts';
import type { Engine } from '../../core/engine.ts';
import { guardianMarginMs } from '../../core/guardian-margin.ts';
import { isHandingOver } from '../../core/haresources/handover.ts';
import { letterOf, stageOf } from '../../core/node-state.ts';
import { failure, type Result, success } from '../../core/result.ts';

export interface RestartParts {
  readonly engine: Engine;
  readonly configuration: () => Configuration;
  /** Goes on with the same configuration and another deadtime. */
  readonly advertise: (deadtimeMs: number) => void;
  readonly pause: (milliseconds: number) => Promise<void>;
}

/** What a start takes on a slow and busy machine, with a lot of room. */
const neededMs = 10_000;
const extraMs = 30_000;
const pollMs = 20;
/** For operations under way to end, and for the acknowledgement. */
const patienceMs = 15_000;

/** Resolves when the daemon may go. Problem codes: restart-busy, restart-not-covered. */
export async function prepareRestart(parts: RestartParts): Promise<Result<void>> {
  const { engine, pause } = parts;
  if (!(await within(() => isAtRest(engine), pause))) return failure('restart-busy', {});
  if (isCovered(parts)) return success(undefined);
  const { deadtimeMs } = parts.configuration().timing;
  parts.advertise(deadtimeMs + extraMs);
  if ((await within(() => isCovered(parts), pause)) && (await anotherKeepalive(engine, pause)) && isAtRest(engine))
    return success(undefined);
  parts.advertise(deadtimeMs);
  return failure('restart-not-covered', { deadtimeMs });
}

/** The guardian counts by the longer deadtime from the first keepalive that it hears of afterwards. */
function anotherKeepalive({ transport }: Engine, pause: RestartParts['pause']): Promise<boolean> {
  const { sequence, lastKeepaliveUs } = transport;
  return within(() => transport.lastKeepaliveUs > lastKeepaliveUs && transport.sequence > sequence, pause);
}

/** Without the peer's word the guardian goes on counting by what the peer was told before. */
function isCovered({ engine, configuration }: RestartParts): boolean {
  const { deadtimeMs } = engine.transport.ownDeadtime;
  const { guardianMarginMs: configured } = configuration().tuning;
  const holdsNothing = engine.node.groups.every((group) => letterOf(group) === '-');
  return holdsNothing || deadtimeMs - (configured > 0 ? configured : guardianMarginMs(deadtimeMs)) >= neededMs;
}

/** An operation that is cut in two would make its group unknown, and the next daemon would stop it. */
function isAtRest({ node }: Engine): boolean {
  const calm = node.groups.every((group) => group.inFlight === undefined && !'spu'.includes(letterOf(group)));
  return calm && !isHandingOver(node) && (stageOf(node) === 'member' || stageOf(node) === 'joining');
}

async function within(condition: () => boolean, pause: RestartParts['pause']): Promise<boolean> {
  for (let waitedMs = 0; !condition(); waitedMs += pollMs) {
    if (waitedMs >= patienceMs) return false;
    await pause(pollMs);
  }
  return true;
}
