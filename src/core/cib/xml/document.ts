/** `<cib>`, `<configuration>` and its sections. */
import type { Cib, Configuration, FencingLevel, NodeDefinition, Tag } from '../model.ts';
import { codec, type Slot } from './codec.ts';
import { constraintSlots } from './constraints.ts';
import { resourceSlots } from './resources.ts';
import { nvSets } from './rules.ts';
import { many, references, section, whole, wrapper } from './slots.ts';
import { statusCodec } from './status.ts';

const node = codec<NodeDefinition>('node', {
  attributes: { id: 'id', uname: 'uname', type: 'type', score: 'score', description: 'description' },
  required: ['id', 'uname'],
  slots: [nvSets('instance_attributes', 'attributes'), nvSets('utilization', 'utilization')],
});

const fencingLevel = codec<FencingLevel>('fencing-level', {
  attributes: {
    id: 'id',
    target: 'target',
    'target-pattern': 'targetPattern',
    'target-attribute': 'targetAttribute',
    'target-value': 'targetValue',
    index: 'index',
    devices: 'devices',
    description: 'description',
  },
  required: ['index', 'devices'],
  slots: [],
});

const tag = codec<Tag>('tag', {
  attributes: { id: 'id', description: 'description' },
  required: ['id'],
  slots: [references('obj_ref', 'references')],
});

function holding(name: string, slots: readonly Slot[], always = false): Slot {
  return wrapper(name, { attributes: {}, slots }, always);
}

const configuration = codec<Configuration>('configuration', {
  attributes: {},
  slots: [
    holding('crm_config', [nvSets('cluster_property_set', 'properties')], true),
    holding('nodes', [many('node', 'nodes', node)], true),
    holding('resources', resourceSlots, true),
    holding('constraints', constraintSlots, true),
    holding('fencing-topology', [many('fencing-level', 'fencingTopology', fencingLevel)]),
    holding('tags', [many('tag', 'tags', tag)]),
    holding('rsc_defaults', [nvSets('meta_attributes', 'resourceDefaults')]),
    holding('op_defaults', [nvSets('meta_attributes', 'operationDefaults')]),
    whole('acls', 'acls'),
    whole('alerts', 'alerts'),
  ],
});

export const cibCodec = codec<Cib>('cib', {
  attributes: {},
  others: { field: 'attributes', whole: true },
  slots: [section('configuration', 'configuration', configuration), section('status', 'status', statusCodec)],
});
