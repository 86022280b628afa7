/** `pairbeat timeline` with a journal: the last incident, or all since, from one journal or those of both nodes. */
import type { JournalEntry } from '../../core/journal-records.ts';
import { failure, type Result, success } from '../../core/result.ts';
import { type Incident, type MergedTimeline, mergeStories } from '../../core/timeline/merged.ts';
import { createStoryReader, type Epoch } from '../../core/timeline/story.ts';
import { stamp } from '../when.ts';
import type { PairbeatServices } from './command.ts';

export interface TimelineQuestion {
  readonly journal: string;
  readonly peer?: string;
  /** Seconds of the wall clock; without it the last incident. */
  readonly sinceSeconds?: number;
}

export async function timelineOf(
  services: Pick<PairbeatServices, 'openJournal'>,
  { journal, peer, sinceSeconds }: TimelineQuestion,
): Promise<Result<MergedTimeline>> {
  const ours = await epochsOf(services, journal);
  if (!ours.ok) return ours;
  const theirs = peer === undefined ? success<Epoch[]>([]) : await epochsOf(services, peer);
  if (!theirs.ok) return theirs;
  const own = ours.value.at(-1);
  const other = theirs.value.at(-1);
  if (own === undefined) return failure('journal-empty', { path: journal });
  if (other !== undefined && own.peer !== '' && other.node !== own.peer)
    return failure('timeline-other-pair', { theirs: other.node || 'nobody', peer: own.peer });
  const merged = ours.value.map((epoch) => mergeStories(epoch, theirs.value));
  const told = merged.flatMap(({ incidents }) => incidents).filter(isTold);
  const incidents =
    sinceSeconds === undefined
      ? told.slice(-1)
      : told.filter(({ fromWallSeconds, totalMs }) => fromWallSeconds + totalMs / 1000 >= sinceSeconds);
  if (incidents.length === 0)
    return failure('timeline-nothing', sinceSeconds === undefined ? {} : { since: stamp(sinceSeconds, 0) });
  const fromSeconds = sinceSeconds ?? incidents[0]!.fromWallSeconds;
  const both = merged
    .flatMap((each) => each.both)
    .filter((each) => each.fromWallSeconds + each.ms / 1000 >= fromSeconds);
  const clocks = merged.at(-1)?.clocks;
  return success({ nodes: merged.at(-1)!.nodes, ...(clocks === undefined ? {} : { clocks }), incidents, both });
}

/** That a peer was heard, or a command without consequences, is no incident. */
function isTold({ kind, moments }: Incident): boolean {
  return kind !== 'other' || moments.some(({ phase }) => phase === 'start' || phase === 'stop');
}

async function epochsOf(services: Pick<PairbeatServices, 'openJournal'>, path: string): Promise<Result<Epoch[]>> {
  const opened = await services.openJournal(path);
  return opened.ok ? success(await read(opened.value)) : opened;
}

async function read(entries: AsyncIterable<JournalEntry>): Promise<Epoch[]> {
  const reader = createStoryReader();
  for await (const entry of entries) if (entry.type === 'record') reader.take(entry.record);
  return [...reader.end()];
}
