/** Rules and sets of name-value pairs: what nearly every other element is made of. */
import type {
  AttributeExpression,
  DateExpression,
  NvPair,
  NvSet,
  OperationExpression,
  ResourceExpression,
  Rule,
} from '../model.ts';
import { type Codec, codec, type Slot } from './codec.ts';
import { attributesOf, many, manyOf, oneOf } from './slots.ts';
import { newElement, noChildren } from './tree.ts';

const attributeExpression = codec<AttributeExpression>('expression', {
  constant: { kind: 'attribute' },
  attributes: {
    id: 'id',
    attribute: 'attribute',
    operation: 'operation',
    value: 'value',
    type: 'type',
    'value-source': 'valueSource',
    description: 'description',
  },
  required: ['attribute', 'operation'],
  slots: [],
});

const dateExpression = codec<DateExpression>('date_expression', {
  constant: { kind: 'date' },
  attributes: { id: 'id', operation: 'operation', start: 'start', end: 'end', description: 'description' },
  slots: [attributesOf('duration', 'duration'), attributesOf('date_spec', 'dateSpec')],
});

const resourceExpression = codec<ResourceExpression>('rsc_expression', {
  constant: { kind: 'resource' },
  attributes: { id: 'id', class: 'class', provider: 'provider', type: 'type', description: 'description' },
  slots: [],
});

const operationExpression = codec<OperationExpression>('op_expression', {
  constant: { kind: 'operation' },
  attributes: { id: 'id', name: 'name', interval: 'interval', description: 'description' },
  slots: [],
});

const elementOfKind = {
  rule: 'rule',
  attribute: 'expression',
  date: 'date_expression',
  resource: 'rsc_expression',
  operation: 'op_expression',
} as const;

/** A rule holds rules: the inner ones are read by the codec that is just being made. */
const innerRule: Codec<Rule> = {
  decode: (element) => ruleCodec.decode(element),
  encode: (rule) => ruleCodec.encode(rule),
};

export const ruleCodec: Codec<Rule> = codec<Rule>('rule', {
  constant: { kind: 'rule' },
  attributes: {
    id: 'id',
    'id-ref': 'idRef',
    score: 'score',
    'score-attribute': 'scoreAttribute',
    'boolean-op': 'booleanOp',
    role: 'role',
    description: 'description',
  },
  slots: [
    manyOf<Rule['expressions'][number]>(
      {
        rule: innerRule,
        expression: attributeExpression,
        date_expression: dateExpression,
        rsc_expression: resourceExpression,
        op_expression: operationExpression,
      },
      'expressions',
      ({ kind }) => elementOfKind[kind],
    ),
  ],
});

const pairCodec = codec<NvPair>('nvpair', {
  attributes: { id: 'id', 'id-ref': 'idRef', name: 'name', value: 'value', description: 'description' },
  slots: [],
});

/** Sets of that element name, in the field. */
export function nvSets(name: string, field: string): Slot {
  return many<NvSet>(
    name,
    field,
    codec<NvSet>(name, {
      attributes: { id: 'id', 'id-ref': 'idRef', score: 'score', description: 'description' },
      slots: [oneOf({ rule: ruleCodec }, 'rule', () => 'rule'), many('nvpair', 'pairs', pairCodec)],
    }),
  );
}

/** `<lifetime>`: rules that say while a constraint holds. Absent is not the same as empty. */
export const lifetime: Slot = {
  names: ['lifetime'],
  take(child, fields) {
    if (fields['lifetime'] !== undefined || Object.keys(child.attributes).length > 0) return false;
    const rules = child.children.map((element) => (element.name === 'rule' ? ruleCodec.decode(element) : undefined));
    if (rules.includes(undefined)) return false;
    fields['lifetime'] = rules;
    return true;
  },
  give(fields) {
    const rules = fields['lifetime'] as readonly Rule[] | undefined;
    return rules === undefined ? noChildren : [newElement('lifetime', {}, rules.map(ruleCodec.encode))];
  },
};
