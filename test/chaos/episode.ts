/** Plays one episode: its faults, each at its time, all undone in the end. */
import { bootTimeUs } from '../lab/libc.ts';
import { sleep } from '../lab/machine.ts';
import type { FaultKind } from './faults/fault-kind.ts';
import { NotApplicable } from './faults/fault-kind.ts';
import type { Episode, PlannedFault } from './plan.ts';
import type { World } from './world.ts';

export interface PlayedFault {
  readonly planned: PlannedFault;
  readonly fromUs: number;
  readonly toUs: number;
  /** It could not happen then, and why. */
  readonly notApplied?: string;
  /** The lab could not do it or undo it: nobody's fault but the lab's. */
  readonly labError?: string;
}

export async function playEpisode(
  world: World,
  episode: Episode,
  kinds: ReadonlyMap<string, FaultKind>,
): Promise<PlayedFault[]> {
  return Promise.all(episode.faults.map((fault) => playFault(world, fault, kinds.get(fault.kind)!)));
}

async function playFault(world: World, planned: PlannedFault, kind: FaultKind): Promise<PlayedFault> {
  await sleep(planned.afterMs);
  const fromUs = bootTimeUs();
  try {
    const undo = await kind.begin(world, planned);
    await sleep(planned.forMs);
    await undo();
    return { planned, fromUs, toUs: bootTimeUs() };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const played = { planned, fromUs, toUs: bootTimeUs() };
    return error instanceof NotApplicable ? { ...played, notApplied: text } : { ...played, labError: text };
  }
}

export function sentenceOf({ planned }: PlayedFault): string {
  const { kind, node, device, direction, service, forMs } = planned;
  return `${kind} (${node}, ${device} ${direction}, service ${service}, ${forMs} ms)`;
}
