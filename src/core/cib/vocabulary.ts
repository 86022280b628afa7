/**
 * The words of a configuration and what they stand for. Pacemaker 2.1 says stonith-enabled, master-max and Master where
 * 3.0 says fencing-enabled, promoted-max and Promoted; both are read here as one option with one meaning. The tables are
 * data: the policy takes defaults from them, validation its expectations, the shell its completion, and
 * docs/reference/cluster-options.md is made of them.
 */
import type { Attributes } from './model.ts';
import { parseBoolean, parseDurationMs, parseInteger, parseScore } from './values.ts';
import { clusterOptions } from './vocabulary/cluster-options.ts';
import { operationOptions } from './vocabulary/operation-options.ts';
import type { OptionWord } from './vocabulary/option.ts';
import { cloneOptions, groupOptions, resourceOptions } from './vocabulary/resource-options.ts';

export type OptionScope = 'cluster' | 'resource' | 'group' | 'clone' | 'operation';

/** What can be said where; what holds for every resource comes after what is special. */
export const vocabulary: Readonly<Record<OptionScope, readonly OptionWord[]>> = {
  cluster: clusterOptions,
  resource: resourceOptions,
  group: [...groupOptions, ...resourceOptions],
  clone: [...cloneOptions, ...resourceOptions],
  operation: operationOptions,
};

const byName: Readonly<Record<OptionScope, ReadonlyMap<string, OptionWord>>> = {
  cluster: indexed(vocabulary.cluster),
  resource: indexed(vocabulary.resource),
  group: indexed(vocabulary.group),
  clone: indexed(vocabulary.clone),
  operation: indexed(vocabulary.operation),
};

/** By any of its names. */
export function optionNamed(scope: OptionScope, name: string): OptionWord | undefined {
  return byName[scope].get(name);
}

/** The name under which an option is known here; a name that is not known stays as it is. */
export function canonicalName(scope: OptionScope, name: string): string {
  return byName[scope].get(name)?.name ?? name;
}

/**
 * What `values` says of an option, under whichever of its names, with old words replaced; its default when nothing is
 * said.
 */
export function optionValue(scope: OptionScope, values: Attributes, name: string): string | undefined {
  const option = byName[scope].get(name);
  if (option === undefined) return values[name];
  const value = namesOf(option)
    .map((known) => values[known])
    .find((given) => given !== undefined);
  return value === undefined ? option.default : canonicalValue(option, value);
}

/** The names of an option; of two that are given the first holds. */
export function namesOf({ name, newName, oldName }: OptionWord): readonly string[] {
  return [newName, name, oldName].filter((known) => known !== undefined);
}

/** `Master` is `Promoted`, `poweroff` is `off`; what is no word of the option stays as it is. */
export function canonicalValue(option: OptionWord, value: string): string {
  if (option.type !== 'choice') return value;
  const lower = value.toLowerCase();
  const word = option.values?.find((candidate) => candidate.toLowerCase() === lower);
  if (word !== undefined) return word;
  const old = Object.entries(option.otherValues ?? {}).find(([candidate]) => candidate.toLowerCase() === lower);
  return old?.[1] ?? value;
}

/** Whether Pacemaker would take the value for what it says. */
export function isValidValue(option: OptionWord, value: string): boolean {
  switch (option.type) {
    case 'boolean':
      return parseBoolean(value) !== undefined;
    case 'integer':
      return parseInteger(value) !== undefined;
    case 'score':
      return /^\s*[+-]?(inf(inity)?|\d+)\s*$/i.test(value) && parseScore(value) !== undefined;
    case 'duration':
      return parseDurationMs(value.replace(/^-/, '')) !== undefined;
    case 'choice':
      return option.values?.includes(canonicalValue(option, value)) ?? true;
    case 'percentage':
      return /^\d+%$/.test(value);
    case 'text':
      return true;
  }
}

function indexed(options: readonly OptionWord[]): ReadonlyMap<string, OptionWord> {
  const index = new Map<string, OptionWord>();
  for (const option of options) {
    for (const name of namesOf(option)) if (!index.has(name)) index.set(name, option);
  }
  return index;
}
