/** `<constraints>` and the sets of resources in them. */
import type {
  ColocationConstraint,
  Constraint,
  LocationConstraint,
  OrderConstraint,
  ResourceSet,
  TicketConstraint,
} from '../model.ts';
import { codec, type Slot } from './codec.ts';
import { lifetime, ruleCodec } from './rules.ts';
import { many, manyOf, references } from './slots.ts';

const sets = many(
  'resource_set',
  'sets',
  codec<ResourceSet>('resource_set', {
    attributes: {
      id: 'id',
      'id-ref': 'idRef',
      sequential: 'sequential',
      'require-all': 'requireAll',
      ordering: 'ordering',
      action: 'action',
      role: 'role',
      score: 'score',
      kind: 'kind',
      description: 'description',
    },
    slots: [references('resource_ref', 'members')],
  }),
);

const location = codec<LocationConstraint>('rsc_location', {
  constant: { kind: 'location' },
  attributes: {
    id: 'id',
    rsc: 'resource',
    'rsc-pattern': 'resourcePattern',
    role: 'role',
    score: 'score',
    node: 'node',
    'resource-discovery': 'resourceDiscovery',
    description: 'description',
  },
  required: ['id'],
  slots: [sets, many('rule', 'rules', ruleCodec), lifetime],
});

const colocation = codec<ColocationConstraint>('rsc_colocation', {
  constant: { kind: 'colocation' },
  attributes: {
    id: 'id',
    score: 'score',
    'score-attribute': 'scoreAttribute',
    'score-attribute-mangle': 'scoreAttributeMangle',
    rsc: 'dependent',
    'rsc-role': 'dependentRole',
    'rsc-instance': 'dependentInstance',
    'with-rsc': 'primary',
    'with-rsc-role': 'primaryRole',
    'with-rsc-instance': 'primaryInstance',
    'node-attribute': 'nodeAttribute',
    influence: 'influence',
    description: 'description',
  },
  required: ['id'],
  slots: [sets, lifetime],
});

const order = codec<OrderConstraint>('rsc_order', {
  constant: { kind: 'order' },
  attributes: {
    id: 'id',
    kind: 'orderKind',
    score: 'score',
    first: 'first',
    'first-action': 'firstAction',
    'first-instance': 'firstInstance',
    then: 'then',
    'then-action': 'thenAction',
    'then-instance': 'thenInstance',
    symmetrical: 'symmetrical',
    'require-all': 'requireAll',
    description: 'description',
  },
  required: ['id'],
  slots: [sets, lifetime],
});

const ticket = codec<TicketConstraint>('rsc_ticket', {
  constant: { kind: 'ticket' },
  attributes: {
    id: 'id',
    ticket: 'ticket',
    rsc: 'resource',
    'rsc-role': 'role',
    'loss-policy': 'lossPolicy',
    description: 'description',
  },
  required: ['id', 'ticket'],
  slots: [sets],
});

export const constraintSlots: readonly Slot[] = [
  manyOf<Constraint>(
    { rsc_location: location, rsc_colocation: colocation, rsc_order: order, rsc_ticket: ticket },
    'constraints',
    ({ kind }) => `rsc_${kind}`,
  ),
];
