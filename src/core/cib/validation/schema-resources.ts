/** Schema of `<resources>`. */
import type { RawElement } from '../model.ts';
import type { ElementType, Special } from './schema.ts';
import { roleWords } from './schema-sections.ts';

const described = { id: 'id', description: 'text' } as const;
const sets = { meta_attributes: ['nvset', 'any'], instance_attributes: ['nvset', 'any'] } as const;
const agent = {
  class: { words: ['ocf', 'stonith', 'systemd', 'lsb', 'service', 'heartbeat', 'upstart', 'nagios'] },
  provider: 'text',
  type: 'text',
} as const;
const agentParts = { ...sets, utilization: ['nvset', 'any'], operations: ['operations', 'optional'] } as const;

/** A provider belongs to class ocf, and to no other. */
function provider({ attributes }: RawElement): readonly Special[] {
  const { class: agentClass } = attributes;
  const given = attributes['provider'] !== undefined;
  const where = `class ${agentClass ?? 'is not given'}`;
  if (agentClass === 'ocf' && !given) return [{ code: 'cib-attribute-missing', name: 'provider', where }];
  if (agentClass !== 'ocf' && given) return [{ code: 'cib-attribute-misplaced', name: 'provider', where }];
  return [];
}

const cloneType: ElementType = {
  attributes: described,
  required: ['id'],
  exactlyOne: [[['<primitive>'], ['<group>']]],
  children: { ...sets, primitive: ['primitive', 'optional'], group: ['group', 'optional'] },
};

const containerType: ElementType = {
  attributes: {
    image: 'text',
    replicas: 'integer',
    'replicas-per-host': 'integer',
    masters: 'integer',
    'promoted-max': 'integer',
    'run-command': 'text',
    network: 'text',
    options: 'text',
  },
  required: ['image'],
  atMostOne: [['masters', 'promoted-max']],
};

export const resourceTypes: Readonly<Record<string, ElementType>> = {
  resources: {
    attributes: {},
    children: {
      primitive: ['primitive', 'any'],
      template: ['template', 'any'],
      group: ['group', 'any'],
      clone: ['clone', 'any'],
      master: ['clone', 'any'],
      bundle: ['bundle', 'any'],
    },
  },
  primitive: {
    attributes: { ...described, ...agent, template: 'idref' },
    required: ['id'],
    exactlyOne: [[['class', 'type'], ['template']]],
    children: agentParts,
    special: provider,
  },
  template: {
    attributes: { ...described, ...agent },
    required: ['id', 'class', 'type'],
    children: agentParts,
    special: provider,
  },
  group: { attributes: described, required: ['id'], children: { ...sets, primitive: ['primitive', 'some'] } },
  clone: cloneType,
  operations: { attributes: { id: 'id', 'id-ref': 'idref' }, children: { op: ['op', 'any'] } },
  op: {
    attributes: {
      ...described,
      name: 'text',
      interval: 'text',
      timeout: 'text',
      'start-delay': 'text',
      'interval-origin': 'text',
      enabled: 'boolean',
      'record-pending': 'boolean',
      role: roleWords,
      'on-fail': { words: ['ignore', 'block', 'demote', 'stop', 'restart', 'standby', 'fence', 'restart-container'] },
    },
    required: ['id', 'name', 'interval'],
    atMostOne: [['start-delay', 'interval-origin']],
    children: sets,
  },
  bundle: {
    attributes: described,
    required: ['id'],
    exactlyOne: [[['<docker>'], ['<rkt>'], ['<podman>']]],
    children: {
      ...sets,
      docker: ['container', 'optional'],
      rkt: ['container', 'optional'],
      podman: ['container', 'optional'],
      network: ['network', 'optional'],
      storage: ['storage', 'optional'],
      primitive: ['primitive', 'optional'],
    },
  },
  container: containerType,
  network: {
    attributes: {
      'ip-range-start': 'text',
      'control-port': 'integer',
      'host-interface': 'text',
      'host-netmask': 'integer',
      'add-host': 'boolean',
    },
    children: { 'port-mapping': ['port-mapping', 'any'] },
  },
  'port-mapping': {
    attributes: {
      id: 'id',
      port: 'integer',
      'internal-port': 'integer',
      range: { pattern: /^[0-9-]+$/, expected: 'a range such as 8080-8083' },
    },
    required: ['id'],
    exactlyOne: [[['port'], ['range']]],
    onlyWith: { 'internal-port': ['port'] },
  },
  storage: { attributes: {}, children: { 'storage-mapping': ['storage-mapping', 'any'] } },
  'storage-mapping': {
    attributes: { id: 'id', 'source-dir': 'text', 'source-dir-root': 'text', 'target-dir': 'text', options: 'text' },
    required: ['id', 'target-dir'],
    exactlyOne: [[['source-dir'], ['source-dir-root']]],
  },
};
