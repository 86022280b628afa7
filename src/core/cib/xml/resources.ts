/** `<resources>`: primitives, groups, clones, bundles and templates. */
import type { Bundle, Clone, Group, Operation, Primitive, ResourceDefinition, Template } from '../model.ts';
import { type Codec, codec, type Slot } from './codec.ts';
import { nvSets } from './rules.ts';
import { many, manyOf, oneOf, wrapper } from './slots.ts';

const operation = codec<Operation>('op', {
  attributes: { id: 'id', 'id-ref': 'idRef', name: 'name', interval: 'interval', description: 'description' },
  others: { field: 'attributes', whole: false },
  required: ['name'],
  slots: [nvSets('instance_attributes', 'params'), nvSets('meta_attributes', 'meta')],
});

const sets: readonly Slot[] = [
  nvSets('instance_attributes', 'params'),
  nvSets('meta_attributes', 'meta'),
  nvSets('utilization', 'utilization'),
];

const setsAndOperations: readonly Slot[] = [
  ...sets,
  wrapper('operations', {
    attributes: { id: 'operationsId', 'id-ref': 'operationsIdRef' },
    slots: [many('op', 'operations', operation)],
  }),
];

const primitive = codec<Primitive>('primitive', {
  constant: { kind: 'primitive' },
  attributes: {
    id: 'id',
    class: 'class',
    provider: 'provider',
    type: 'type',
    template: 'template',
    description: 'description',
  },
  required: ['id'],
  slots: setsAndOperations,
});

const template = codec<Template>('template', {
  constant: { kind: 'template' },
  attributes: { id: 'id', class: 'class', provider: 'provider', type: 'type', description: 'description' },
  required: ['id'],
  slots: setsAndOperations,
});

const group = codec<Group>('group', {
  constant: { kind: 'group' },
  attributes: { id: 'id', description: 'description' },
  required: ['id'],
  slots: [...sets, many('primitive', 'members', primitive)],
});

function cloneCodec(name: string, legacyMaster: boolean): Codec<Clone> {
  return codec<Clone>(name, {
    constant: { kind: 'clone', legacyMaster },
    attributes: { id: 'id', description: 'description' },
    required: ['id', 'child'],
    slots: [...sets, oneOf<Primitive | Group>({ primitive, group }, 'child', ({ kind }) => kind)],
  });
}

const bundle: Codec<Bundle> = {
  decode(element) {
    const id = element.attributes['id'];
    return id === undefined ? undefined : { kind: 'bundle', id, element };
  },
  encode: ({ element }) => element,
};

export const resourceSlots: readonly Slot[] = [
  many('template', 'templates', template),
  manyOf<ResourceDefinition>(
    { primitive, group, clone: cloneCodec('clone', false), master: cloneCodec('master', true), bundle },
    'resources',
    (resource) => (resource.kind === 'clone' && resource.legacyMaster ? 'master' : resource.kind),
  ),
];
