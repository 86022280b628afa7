/** Schema of `<constraints>`. */
import type { ElementType, ValueType } from './schema.ts';
import { roleWords } from './schema-sections.ts';

const actionWords: ValueType = { words: ['start', 'promote', 'demote', 'stop'] };
const kindWords: ValueType = { words: ['Optional', 'Mandatory', 'Serialize'] };

export const constraintTypes: Readonly<Record<string, ElementType>> = {
  constraints: {
    attributes: {},
    children: {
      rsc_location: ['rsc_location', 'any'],
      rsc_colocation: ['rsc_colocation', 'any'],
      rsc_order: ['rsc_order', 'any'],
      rsc_ticket: ['rsc_ticket', 'any'],
    },
  },
  rsc_location: {
    attributes: {
      id: 'id',
      rsc: 'idref',
      'rsc-pattern': 'text',
      role: roleWords,
      score: 'score',
      node: 'text',
      'resource-discovery': { words: ['always', 'never', 'exclusive'] },
    },
    required: ['id'],
    exactlyOne: [
      [['rsc'], ['rsc-pattern'], ['<resource_set>']],
      [['score', 'node'], ['<rule>']],
    ],
    onlyWith: { role: ['rsc', 'rsc-pattern'] },
    children: { resource_set: ['resource_set', 'any'], rule: ['rule', 'any'], lifetime: ['lifetime', 'optional'] },
  },
  rsc_colocation: {
    attributes: {
      id: 'id',
      score: 'score',
      influence: 'text',
      rsc: 'idref',
      'with-rsc': 'idref',
      'node-attribute': 'text',
      'rsc-role': roleWords,
      'with-rsc-role': roleWords,
    },
    required: ['id'],
    exactlyOne: [[['rsc', 'with-rsc'], ['<resource_set>']]],
    onlyWith: { 'node-attribute': ['rsc'], 'rsc-role': ['rsc'], 'with-rsc-role': ['rsc'] },
    children: { resource_set: ['resource_set', 'any'], lifetime: ['lifetime', 'optional'] },
  },
  rsc_order: {
    attributes: {
      id: 'id',
      symmetrical: 'boolean',
      'require-all': 'boolean',
      score: 'score',
      kind: kindWords,
      first: 'idref',
      then: 'idref',
      'first-action': actionWords,
      'then-action': actionWords,
    },
    required: ['id'],
    exactlyOne: [[['first', 'then'], ['<resource_set>']]],
    atMostOne: [['score', 'kind']],
    onlyWith: { 'first-action': ['first'], 'then-action': ['first'] },
    children: { resource_set: ['resource_set', 'any'], lifetime: ['lifetime', 'optional'] },
  },
  rsc_ticket: {
    attributes: {
      id: 'id',
      rsc: 'idref',
      'rsc-role': roleWords,
      ticket: 'text',
      'loss-policy': { words: ['stop', 'demote', 'fence', 'freeze'] },
    },
    required: ['id', 'ticket'],
    exactlyOne: [[['rsc'], ['<resource_set>']]],
    onlyWith: { 'rsc-role': ['rsc'] },
    children: { resource_set: ['resource_set', 'any'] },
  },
  resource_set: {
    attributes: {
      id: 'id',
      'id-ref': 'idref',
      sequential: 'boolean',
      'require-all': 'boolean',
      ordering: { words: ['group', 'listed'] },
      action: actionWords,
      role: roleWords,
      score: 'score',
      kind: kindWords,
    },
    required: ['id'],
    byReference: [],
    atMostOne: [['score', 'kind']],
    children: { resource_ref: ['resource_ref', 'some'] },
  },
  resource_ref: { attributes: { id: 'idref' }, required: ['id'] },
  lifetime: { attributes: {}, children: { rule: ['rule', 'some'] } },
};
