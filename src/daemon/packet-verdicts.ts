/** What became of packets since the last time somebody asked: MAC verdicts, duplicates, replays, losses, by reason. */
import type { CounterName } from '../core/transport/accounts.ts';

type Counters = Partial<Record<CounterName, number>>;

/** What happens all the time and to every packet that is as it should be. */
const usual: ReadonlySet<string> = new Set(['received', 'accepted', 'transmitted', 'keepalives', 'acknowledgements']);

/** `verdicts` is absent when there is nothing to say; `counters` is what to compare with the next time. */
export function newVerdicts(
  now: Counters,
  before: Counters,
): { readonly verdicts: Record<string, number> | undefined; readonly counters: Counters } {
  const news = Object.entries(now)
    .filter(([name]) => !usual.has(name))
    .map(([name, value]): [string, number] => [name, value - (before[name as CounterName] ?? 0)])
    .filter(([, more]) => more !== 0);
  return { verdicts: news.length === 0 ? undefined : Object.fromEntries(news), counters: { ...now } };
}
