/** Whether a value of an XML attribute is of its type, in the strict words of the schema, and what was expected. */
import { isWellFormedId } from '../ids.ts';
import type { ValueType } from './schema.ts';

/** White space around numbers and words is allowed there. */
export function isOfType(type: ValueType, value: string): boolean {
  if (type === 'text') return true;
  const word = value.trim();
  if (typeof type === 'object') return 'words' in type ? type.words.includes(word) : type.pattern.test(value);
  switch (type) {
    case 'id':
    case 'idref':
      return isWellFormedId(word);
    case 'boolean':
      return /^(true|false|0|1)$/.test(word);
    case 'integer':
      return /^[+-]?\d+$/.test(word);
    case 'natural':
      return /^(\+?\d+|-0+)$/.test(word);
    case 'positive':
      return /^\+?0*[1-9]\d*$/.test(word);
    case 'score':
      return /^([+-]?\d+|[+-]?INFINITY)$/.test(word);
  }
}

export function expectedOf(type: ValueType): string {
  if (typeof type === 'object') return 'words' in type ? `one of ${type.words.join(', ')}` : type.expected;
  return expected[type];
}

export function wordsOf(type: ValueType): readonly string[] {
  if (typeof type === 'object') return 'words' in type ? type.words : [];
  if (type === 'boolean') return ['true', 'false'];
  return type === 'score' ? ['INFINITY', '-INFINITY'] : [];
}

const expected: Readonly<Record<Extract<ValueType, string>, string>> = {
  text: 'any text',
  id: 'an id: a letter or _ first, then letters, digits, dots, _ and -',
  idref: 'an id: a letter or _ first, then letters, digits, dots, _ and -',
  boolean: 'true or false',
  integer: 'a whole number',
  natural: 'a whole number from 0 on',
  positive: 'a whole number from 1 on',
  score: 'a whole number, INFINITY or -INFINITY',
};
