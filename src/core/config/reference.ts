/** The reference pages docs/reference/ha.cf.md, pairbeat.conf.md and findings.md, made from the tables. */
import type { Directive, DirectiveStatus } from './directives.ts';
import { directives } from './directives.ts';
import { findingCodes, findingText } from './finding-texts.ts';

export function haCfReference(): string {
  const introduction = [
    '# ha.cf',
    '',
    'Made from the directive table (`src/core/config/directives.ts`); `UPDATE_GOLDEN=1 npx vitest run test/core/config` writes it anew.',
    '',
    'One directive a line; `#` starts a comment anywhere; names are case-sensitive; the order of lines matters only for `udpport` and `baud`, which hold for the links below them. Where a directive takes one value, the last one written holds.',
    '',
    '- **time**: seconds without a unit (`2`, `0.5`), or with `ms` or `us` attached (`500ms`). `1s` and `2min` are no times.',
    '- **on|off**: also `yes`, `no`, `true`, `false`, `y`, `n`, `1`, `0`.',
    '- Lists are separated by blanks or commas.',
    '',
    'Every directive of Heartbeat 3.0.6 is recognised. Those marked *refused* would be unsafe to ignore, so a configuration that has one is not loaded. Those marked *no effect* have nothing left to do.',
  ];
  return page(introduction, 'ha.cf');
}

export function pairbeatConfReference(): string {
  const introduction = [
    '# pairbeat.conf',
    '',
    'Made from the directive table (`src/core/config/directives.ts`); `UPDATE_GOLDEN=1 npx vitest run test/core/config` writes it anew.',
    '',
    'Lies beside ha.cf and has its syntax. The file may be missing: every directive has a default. Heartbeat never reads it, so the way back to Heartbeat stays open.',
  ];
  return page(introduction, 'pairbeat.conf');
}

const remarks: Readonly<Record<DirectiveStatus, string>> = {
  active: '',
  refused: '*Refused.* ',
  'no-effect': '*No effect.* ',
};

function page(introduction: readonly string[], file: Directive['file']): string {
  const listed = directives.filter((directive) => directive.file === file);
  const lines = [...introduction];
  for (const chapter of new Set(listed.map((directive) => directive.chapter))) {
    if (file === 'ha.cf') lines.push('', `## ${chapter}`);
    for (const directive of listed.filter((entry) => entry.chapter === chapter)) lines.push('', ...entry(directive));
  }
  return `${lines.join('\n')}\n`;
}

function entry(directive: Directive): string[] {
  const { shape } = directive;
  const facts = [
    ...(directive.default === undefined ? [] : [`Default: ${directive.default}.`]),
    ...(shape.kind === 'integer' ? [`From ${shape.minimum} to ${shape.maximum}.`] : []),
    ...(directive.nodeLocal ? [] : ['Must be the same on both nodes.']),
    ...(directive.once ? ['May be given once.'] : []),
  ];
  return [
    `### ${directive.name} ${directive.usage}`,
    '',
    directive.summary,
    ...(facts.length === 0 ? [] : ['', facts.join(' ')]),
    ...(directive.reason === undefined ? [] : ['', `${remarks[directive.status]}${directive.reason}`]),
  ];
}

/** Placeholders stand for what the finding fills in. */
export function findingsReference(): string {
  const lines = [
    '# Findings',
    '',
    'What `pairbeat check` and the daemon can say about the configuration files. Made from `src/core/config/finding-texts`; `UPDATE_GOLDEN=1 npx vitest run test/core/config` writes it anew.',
    '',
    'The last column is what Heartbeat 3.0.6 does with the same text: *refuses* to start, *accepts* silently, *warns*, *misreads* (starts and does something else), *ignores* (never reads it).',
    '',
    '| code | severity | says | Heartbeat |',
    '|---|---|---|---|',
  ];
  const placeholders = new Proxy({}, { get: (_target, name) => (typeof name === 'string' ? `<${name}>` : undefined) });
  for (const code of [...findingCodes].sort()) {
    const text = findingText(code);
    const problem = text.problem(placeholders).replaceAll('|', '\\|').replaceAll('<', '&lt;');
    lines.push(`| \`${code}\` | ${text.severity} | ${problem} | ${text.heartbeat} |`);
  }
  return `${lines.join('\n')}\n`;
}
