/** `monitor_interval_of WORD TIME`: how often one resource, one group or one type is asked for its status. */
import type { Directive } from './directives.ts';
import type { Reporter } from './findings.ts';
import type { HaCf, ParserContext } from './ha-cf.ts';
import type { Word } from './lexer.ts';
import { nearestWord } from './nearest.ts';
import type { ParsedGroup } from './parse-haresources.ts';
import { readTimeValue } from './parse-scalar.ts';

export function parseMonitorInterval(context: ParserContext, directive: Directive, words: readonly Word[]): void {
  const { reporter, result } = context;
  const [name, time, ...rest] = words;
  if (name === undefined || time === undefined) return;
  if (rest[0] !== undefined) {
    const fields = { words: rest.map((word) => word.text).join(' '), usage: `${directive.name} ${directive.usage}` };
    reporter.report('words-ignored', rest[0], fields);
  }
  const intervalMs = readTimeValue(context, { ...directive, shape: { kind: 'time', minimumMs: 0 } }, time);
  if (intervalMs !== undefined) result.monitorIntervals.push({ name: name.text, intervalMs, place: name });
}

/** A word that names nothing is a misspelt one, most likely: the resource would be asked at the usual interval. */
export function checkMonitorIntervals(
  { monitorIntervals }: HaCf,
  groups: readonly ParsedGroup[],
  reporter: Reporter,
): void {
  const known = new Set(
    groups.flatMap(({ group }) => [
      group.key,
      ...group.resources.flatMap((resource) => [resource.written, resource.type]),
    ]),
  );
  for (const { name, place } of monitorIntervals) {
    if (known.has(name)) continue;
    const nearest = nearestWord(name, [...known]) ?? '';
    reporter.report('monitor-interval-unknown', place, { name: name.slice(0, 120), nearest });
  }
}
