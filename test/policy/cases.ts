/** The development cases of `scheduler-cases`, where that folder is there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Answer } from './answer.ts';
import { everyElement, parseXml, writeXml } from './xml-tree.ts';

export interface SchedulerCase {
  name: string;
  title: string;
  xml: string;
  /** As `crm_simulate -t` takes it; undefined: the case does not depend on it. */
  now: string | undefined;
  expected: Answer;
}

/** `PAIRBEAT_SCHEDULER_CASES`, or the folder beside the checkout; undefined where there is none. */
export function casesFolder(): string | undefined {
  const candidates = [
    process.env['PAIRBEAT_SCHEDULER_CASES'],
    '../shared/scheduler-cases/cases',
    '../../shared/scheduler-cases/cases',
  ];
  return candidates.find((folder) => folder !== undefined && existsSync(folder));
}

export function loadCases(folder: string): SchedulerCase[] {
  const names = readdirSync(folder).filter((file) => file.endsWith('.expected.json'));
  return names.sort().map((file) => {
    const name = file.slice(0, -'.expected.json'.length);
    const expected = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Answer & {
      title: string;
      options: string[];
    };
    const now = expected.options[0] === '-t' ? expected.options[1] : undefined;
    return { name, title: expected.title, xml: readFileSync(join(folder, `${name}.xml`), 'utf8'), now, expected };
  });
}

/** Later than every date of the cases: those that do not say when they are play long after their histories. */
const longAfterS = Date.UTC(2026, 0, 1) / 1000;

/** "Now" of a case in epoch seconds: its option (`2005-020T12:30`: year and day of the year), or else the CIB's own. */
export function caseNowS({ now, xml }: SchedulerCase): number {
  const [, year, day, hour, minute] = /^(\d+)-(\d{3})T(\d+):(\d+)$/.exec(now ?? '') ?? [];
  if (year !== undefined) return Date.UTC(Number(year), 0, Number(day), Number(hour), Number(minute)) / 1000;
  if (now !== undefined) throw new Error(`a time in another form: ${now}`);
  const executed = parseXml(xml).attributes['execution-date'];
  return executed === undefined ? longAfterS : Number(executed);
}

const renamed = new Map(
  ['enabled', 'action', 'timeout', 'max-attempts', 'watchdog-timeout'].map((name) => [
    `fencing-${name}`,
    `stonith-${name}`,
  ]),
);

/** The same CIB in the vocabulary and the schema that Pacemaker 2.1.5 knows. */
export function inOlderVocabulary(xml: string): string {
  const root = parseXml(xml);
  const schema = root.attributes['validate-with'];
  const version = /^pacemaker-(\d+)\.(\d+)$/.exec(schema ?? '');
  if (version !== null && Number(version[1]) * 1000 + Number(version[2]) > 3009)
    root.attributes['validate-with'] = 'pacemaker-3.9';
  // Pacemaker 2.1 reads fail counts of a CIB this old only under their former name; 3.0 knows one naming.
  root.attributes['crm_feature_set'] = '3.0.14';
  for (const element of everyElement(root)) {
    const name = element.name === 'nvpair' ? renamed.get(element.attributes['name'] ?? '') : undefined;
    if (name !== undefined) element.attributes['name'] = name;
    if (element.name === 'node_state') rewriteTimes(element.attributes);
  }
  return writeXml(root);
}

/** Since 2.1.7 a node says since when (epoch seconds, 0: not) it is a member and its controller is there. */
function rewriteTimes(state: Record<string, string>): void {
  const { in_ccm: member, crmd: controller } = state;
  if (member !== undefined && /^\d+$/.test(member)) state['in_ccm'] = member === '0' ? 'false' : 'true';
  if (controller !== undefined && /^\d+$/.test(controller)) state['crmd'] = controller === '0' ? 'offline' : 'online';
}
