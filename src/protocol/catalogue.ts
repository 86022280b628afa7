/**
 * The words of every `Problem` code: what happened, what it means, what to do. The daemon's log, the terminal, JSON
 * and docs/reference/problems.md all read from here, so the same failure reads the same everywhere. A code without
 * words (an older tool beside a newer daemon) is still shown, as plainly as can be.
 */
import type { Problem } from '../core/result.ts';
import { administrationWords } from './catalogue/administration.ts';
import { agentWords } from './catalogue/agents.ts';
import { cibWords } from './catalogue/cib.ts';
import { configurationWords } from './catalogue/configuration.ts';
import { configurationStoreWords } from './catalogue/configuration-store.ts';
import { controlWords } from './catalogue/control.ts';
import { fencingWords } from './catalogue/fencing.ts';
import { keyWords } from './catalogue/keys.ts';
import { linkWords } from './catalogue/links.ts';
import { monitoringWords } from './catalogue/monitoring.ts';
import { nodeWords } from './catalogue/node.ts';
import { pingWords } from './catalogue/ping.ts';
import { policyWords } from './catalogue/policy.ts';
import { reconfigurationWords } from './catalogue/reconfiguration.ts';
import { recordingWords } from './catalogue/recording.ts';
import { serviceWords } from './catalogue/services.ts';
import { simulateWords } from './catalogue/simulate.ts';
import { storageWords } from './catalogue/storage.ts';
import { toolWords } from './catalogue/tools.ts';
import type { ProblemWords } from './catalogue/words.ts';
import { plainText } from './plain-text.ts';

export interface Description {
  readonly what: string;
  /** Empty where `what` says it all. */
  readonly meaning: string;
  readonly advice: string;
}

/** Area of the product to its codes; the order is that of docs/reference/problems.md. */
export const catalogue: Readonly<Record<string, Readonly<Record<string, ProblemWords>>>> = {
  'Nodes and failover': nodeWords,
  Fencing: fencingWords,
  'Links and packets': linkWords,
  Keys: keyWords,
  'Ping nodes and their helpers': pingWords,
  'Resources and agents': agentWords,
  'Programs, watchdog and log': serviceWords,
  Monitoring: monitoringWords,
  'Files and clock': storageWords,
  Configuration: configurationWords,
  'Changing the configuration': reconfigurationWords,
  'Cluster configuration (CIB)': cibWords,
  'Placement and transitions': policyWords,
  Simulation: simulateWords,
  'Versions of the configuration': configurationStoreWords,
  'Daemon and tools': controlWords,
  'Administration and scripts': administrationWords,
  'Journal and replay': recordingWords,
  Commands: toolWords,
};

export function describe(problem: Problem): Description {
  const words = wordsOf(problem.code);
  if (words === undefined) return describeUnknown(problem);
  const fields = translated(problem.fields, words.values ?? {});
  const fill = (template: string | undefined) => fillTemplate(template ?? '', fields);
  return { what: fill(words.what), meaning: fill(words.meaning), advice: fill(words.advice) };
}

/** For logs and for lists: what and why on one line. */
export function describeLine(problem: Problem): string {
  const { what, meaning } = describe(problem);
  return meaning === '' ? what : `${what} ${meaning}`;
}

export function wordsOf(code: string): ProblemWords | undefined {
  for (const area of Object.values(catalogue)) {
    if (Object.hasOwn(area, code)) return area[code];
  }
  return undefined;
}

function describeUnknown(problem: Problem): Description {
  const fields = Object.entries(problem.fields).map(([name, value]) => `${shown(name)}=${shown(value)}`);
  const list = fields.length > 0 ? ` (${fields.join(', ')})` : '';
  return {
    what: `${shown(problem.code).replaceAll('-', ' ')}${list}.`,
    meaning: 'This version has no words for that code.',
    advice: `Look for ${shown(problem.code)} in docs/reference/problems.md of the version that the daemon runs.`,
  };
}

function translated(fields: Problem['fields'], values: NonNullable<ProblemWords['values']>): Problem['fields'] {
  const known = Object.entries(fields).map(([name, value]) => [name, values[name]?.[String(value)] ?? value]);
  return Object.fromEntries(known);
}

/** `{field}` is replaced by its value; `[text {field}]` is left out as a whole where the field is absent or empty. */
function fillTemplate(template: string, fields: Problem['fields']): string {
  const present = (name: string) => Object.hasOwn(fields, name) && fields[name] !== '';
  return template
    .replace(/\[([^[\]]*)\]/g, (_whole, part: string) =>
      [...part.matchAll(/\{(\w+)\}/g)].every((match) => present(match[1] ?? '')) ? part : '',
    )
    .replace(/\{(\w+)\}/g, (_whole, name: string) =>
      present(name) ? shown(fields[name] ?? '') : `(${name} not given)`,
    );
}

const longestField = 400;

/** Fields may hold what a peer or an agent said. */
function shown(value: string | number | boolean): string {
  if (typeof value === 'number' && !Number.isInteger(value)) return value.toFixed(1);
  const text = plainText(String(value));
  return text.length > longestField ? `${text.slice(0, longestField)} ...` : text;
}
