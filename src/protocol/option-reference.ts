/** docs/reference/cluster-options.md, written from the vocabulary of the configuration. */

import type { OptionWord } from '../core/cib/vocabulary/option.ts';
import { cloneOptions, groupOptions } from '../core/cib/vocabulary/resource-options.ts';
import { vocabulary } from '../core/cib/vocabulary.ts';

const typeWords: Readonly<Record<OptionWord['type'], string>> = {
  boolean: 'true or false',
  integer: 'number',
  score: 'score',
  duration: 'time',
  choice: 'one of',
  percentage: 'percentage',
  text: 'text',
};

const standingWords: Readonly<Record<NonNullable<OptionWord['standing']>, string>> = {
  informative: 'Says what is so; setting it changes nothing.',
  deprecated: 'Still works, and will go.',
  gone: 'Of the past.',
};

const sections: readonly (readonly [heading: string, text: string, options: readonly OptionWord[]])[] = [
  ['Cluster', 'Properties: `<crm_config>`, "property" in the crm shell.', vocabulary.cluster],
  ['Resources', 'Meta attributes of every resource, and of `rsc_defaults`.', vocabulary.resource],
  ['Groups', 'Meta attributes that only a group knows.', groupOptions],
  ['Clones', 'Meta attributes that only a clone knows.', cloneOptions],
  ['Operations', 'Attributes of an operation; most can also stand in `op_defaults`.', vocabulary.operation],
];

export function clusterOptionsReference(): string {
  return [
    '# Options of cluster, resources and operations',
    '',
    'Made from the vocabulary (`src/core/cib/vocabulary`); `UPDATE_GOLDEN=1 npx vitest run test/core/cib` writes it anew.',
    '',
    'For crm mode. The names are those of Pacemaker 2.1; those of 3.0 are read too, and both mean the same. A time is a',
    'number with `ms`, `s`, `min` or `h` (without a unit: seconds) or an ISO 8601 duration (`PT30S`). A score is a number',
    'or `INFINITY` (1,000,000).',
    ...sections.flatMap(([heading, text, options]) => ['', `## ${heading}`, '', text, '', ...options.flatMap(entry)]),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n');
}

function entry(option: OptionWord): string[] {
  const facts = [
    ...(option.default === undefined || option.default === '' ? [] : [`Default: ${option.default}.`]),
    ...(option.newName === undefined ? [] : [`In 3.0: \`${option.newName}\`.`]),
    ...(option.oldName === undefined ? [] : [`Formerly \`${option.oldName}\`.`]),
    ...(option.since === undefined ? [] : [`Since ${option.since}.`]),
    ...(option.standing === undefined ? [] : [standingWords[option.standing]]),
  ];
  return [
    `### ${option.name}: ${kindOf(option)}`,
    '',
    option.meaning,
    ...(facts.length === 0 ? [] : ['', facts.join(' ')]),
    '',
  ];
}

function kindOf(option: OptionWord): string {
  if (option.type !== 'choice') return typeWords[option.type];
  const words = (option.values ?? []).filter((word) => word !== '').join(', ');
  const others = Object.entries(option.otherValues ?? {}).map(([other, word]) => `${other} is ${word}`);
  return `${typeWords.choice} ${words}${others.length === 0 ? '' : ` (${others.join(', ')})`}`;
}
