import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  canonicalName,
  canonicalValue,
  isValidValue,
  namesOf,
  optionNamed,
  optionValue,
  vocabulary,
} from '../../../src/core/cib/vocabulary.ts';
import { clusterOptionsReference } from '../../../src/protocol/option-reference.ts';
import { expectGolden } from '../../golden.ts';

const everyOption = Object.values(vocabulary).flat();

describe('one meaning under two names', () => {
  it('holds for options of the cluster, and the name of 3.0 holds where both are given', () => {
    expect(optionNamed('cluster', 'fencing-enabled')).toBe(optionNamed('cluster', 'stonith-enabled'));
    expect(canonicalName('cluster', 'fencing-timeout')).toBe('stonith-timeout');
    expect(optionValue('cluster', { 'fencing-enabled': 'false' }, 'stonith-enabled')).toBe('false');
    expect(optionValue('cluster', { 'stonith-enabled': 'true', 'fencing-enabled': 'false' }, 'stonith-enabled')).toBe(
      'false',
    );
  });

  it('holds for clones, and the old name counts only alone', () => {
    expect(optionValue('clone', { 'master-max': '2' }, 'promoted-max')).toBe('2');
    expect(optionValue('clone', { 'master-max': '2', 'promoted-max': '1' }, 'promoted-max')).toBe('1');
  });

  it('holds for words', () => {
    expect(optionValue('resource', { 'target-role': 'slave' }, 'target-role')).toBe('Unpromoted');
    expect(optionValue('cluster', { 'no-quorum-policy': 'fence' }, 'no-quorum-policy')).toBe('suicide');
    expect(optionValue('cluster', { 'fencing-action': 'poweroff' }, 'stonith-action')).toBe('off');
    expect(canonicalValue(optionNamed('cluster', 'placement-strategy')!, 'toString')).toBe('toString');
  });

  it('gives the default when nothing is said, and the value as it is of what is not known', () => {
    expect(optionValue('cluster', {}, 'stonith-enabled')).toBe('true');
    expect(optionValue('resource', {}, 'requires')).toBeUndefined();
    expect(optionValue('resource', { colour: 'red' }, 'colour')).toBe('red');
  });
});

describe('a value', () => {
  it.each([
    ['cluster', 'stonith-enabled', 'on', true],
    ['cluster', 'stonith-enabled', 'perhaps', false],
    ['cluster', 'batch-limit', '-1', true],
    ['cluster', 'batch-limit', '1s', false],
    ['cluster', 'node-health-red', '-INFINITY', true],
    ['resource', 'priority', '12x', false],
    ['resource', 'failure-timeout', '10m', true],
    ['resource', 'failure-timeout', 'soon', false],
    ['cluster', 'load-threshold', '80', false],
    ['resource', 'target-role', 'Master', true],
    ['resource', 'target-role', 'Leader', false],
  ] as const)('of %s option %s: %s is valid: %s', (scope, name, value, valid) => {
    expect(isValidValue(optionNamed(scope, name)!, value)).toBe(valid);
  });
});

describe('the table', () => {
  it('has defaults that are valid themselves', () => {
    const wrong = everyOption.filter((option) => option.default !== undefined && !isValidValue(option, option.default));
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });

  it('has no name twice in a scope', () => {
    for (const options of [
      vocabulary.cluster,
      vocabulary.resource,
      vocabulary.group,
      vocabulary.clone,
      vocabulary.operation,
    ]) {
      const names = options.flatMap(namesOf);
      expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    }
  });

  it('has words for a choice, and old words that lead to one of them', () => {
    for (const option of everyOption.filter(({ type }) => type === 'choice')) {
      expect(option.values?.length, option.name).toBeGreaterThan(1);
      for (const word of Object.values(option.otherValues ?? {})) expect(option.values).toContain(word);
    }
  });

  it('is what docs/reference/cluster-options.md says', () => {
    expectGolden(join(import.meta.dirname, '../../../docs/reference/cluster-options.md'), clusterOptionsReference());
  });
});
