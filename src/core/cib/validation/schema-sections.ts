/** Schema of everything but resources and constraints: sections, nodes, sets of pairs, rules, fencing, tags, ACLs, alerts. */
import type { RawElement } from '../model.ts';
import type { ElementType, Special, ValueType } from './schema.ts';

export const roleWords: ValueType = { words: ['Stopped', 'Started', 'Promoted', 'Unpromoted', 'Master', 'Slave'] };

const described = { id: 'id', description: 'text' } as const;

/** A set of name-value pairs whose rule is of that type. */
function nvSet(rule: string): ElementType {
  return {
    attributes: { id: 'id', 'id-ref': 'idref', score: 'score' },
    required: ['id'],
    byReference: [],
    children: { rule: [rule, 'optional'], nvpair: ['nvpair', 'any'] },
  };
}

const rule: ElementType = {
  attributes: {
    id: 'id',
    'id-ref': 'idref',
    score: 'score',
    'score-attribute': 'text',
    'boolean-op': { words: ['or', 'and'] },
    role: 'text',
  },
  required: ['id'],
  byReference: [],
  atMostOne: [['score', 'score-attribute']],
  children: {
    expression: ['expression', 'any'],
    date_expression: ['date_expression', 'any'],
    rsc_expression: ['rsc_expression', 'any'],
    op_expression: ['op_expression', 'any'],
    rule: ['rule', 'any'],
  },
  someOf: ['expression', 'date_expression', 'rsc_expression', 'op_expression', 'rule'],
};

const dateParts = {
  id: 'id',
  years: 'text',
  months: 'text',
  weeks: 'text',
  hours: 'text',
  minutes: 'text',
  seconds: 'text',
  monthdays: 'text',
  weekdays: 'text',
  yearsdays: 'text',
  weekyears: 'text',
  moon: 'text',
} as const;

/** Which attributes and child go with which operation of a date expression. */
function dateExpression(element: RawElement): readonly Special[] {
  const { operation, start, end } = element.attributes;
  const found: Special[] = [];
  const has = (name: string) => element.children.some((child) => child.name === name);
  const where = `operation ${operation ?? ''}`;
  const forbid = (condition: boolean, name: string) => {
    if (condition) found.push({ code: 'cib-attribute-misplaced', name, where });
  };
  const demand = (condition: boolean, name: string) => {
    if (!condition) found.push({ code: 'cib-attribute-missing', name, where });
  };
  const forbidChild = (name: string) => {
    if (has(name)) found.push({ code: 'cib-element-misplaced', name, where });
  };
  if (operation === 'in_range') demand(start !== undefined || end !== undefined, 'start or end');
  if (operation === 'gt') demand(start !== undefined, 'start');
  if (operation === 'lt') demand(end !== undefined, 'end');
  if (operation === 'lt' || operation === 'date_spec') forbid(start !== undefined, 'start');
  if (operation === 'gt' || operation === 'date_spec') forbid(end !== undefined, 'end');
  if (operation === 'date_spec' && !has('date_spec'))
    found.push({ code: 'cib-element-missing', name: 'date_spec', where });
  if (operation !== 'date_spec') forbidChild('date_spec');
  if (operation !== 'in_range') forbidChild('duration');
  return found;
}

export const sectionTypes: Readonly<Record<string, ElementType>> = {
  cib: {
    attributes: {
      'validate-with': {
        pattern: /^(none|transitional-0\.6|pacemaker-(next|\d+\.\d+))$/,
        expected: 'pacemaker-3.9 or the like',
      },
      admin_epoch: 'natural',
      epoch: 'natural',
      num_updates: 'natural',
      crm_feature_set: 'text',
      'remote-tls-port': 'natural',
      'remote-clear-port': 'natural',
      'have-quorum': 'boolean',
      'dc-uuid': 'text',
      'cib-last-written': 'text',
      'no-quorum-panic': 'boolean',
      'update-origin': 'text',
      'update-client': 'text',
      'update-user': 'text',
      'execution-date': 'text',
    },
    required: ['admin_epoch', 'epoch', 'num_updates'],
    children: { configuration: ['configuration', 'one'], status: ['status', 'optional'] },
  },
  configuration: {
    attributes: {},
    children: {
      crm_config: ['crm_config', 'one'],
      rsc_defaults: ['rsc_defaults', 'optional'],
      op_defaults: ['op_defaults', 'optional'],
      nodes: ['nodes', 'one'],
      resources: ['resources', 'one'],
      constraints: ['constraints', 'one'],
      'fencing-topology': ['fencing-topology', 'optional'],
      acls: ['acls', 'optional'],
      tags: ['tags', 'optional'],
      alerts: ['alerts', 'optional'],
    },
  },
  crm_config: { attributes: {}, children: { cluster_property_set: ['nvset', 'any'] } },
  rsc_defaults: { attributes: {}, children: { meta_attributes: ['nvset', 'any'] } },
  op_defaults: { attributes: {}, children: { meta_attributes: ['nvset', 'any'] } },
  nodes: { attributes: {}, children: { node: ['node', 'any'] } },
  node: {
    attributes: {
      id: 'text',
      uname: 'text',
      type: { words: ['member', 'ping', 'remote'] },
      description: 'text',
      score: 'score',
    },
    required: ['id', 'uname'],
    children: { instance_attributes: ['nvset', 'any'], utilization: ['nvset', 'any'] },
  },
  nvset: nvSet('rule'),
  nvpair: {
    attributes: { id: 'id', 'id-ref': 'idref', name: 'text', value: 'text' },
    required: ['id', 'name'],
    byReference: ['name'],
  },
  rule,
  expression: {
    attributes: {
      id: 'id',
      attribute: 'text',
      operation: { words: ['lt', 'gt', 'lte', 'gte', 'eq', 'ne', 'defined', 'not_defined'] },
      value: 'text',
      type: { words: ['string', 'integer', 'number', 'version'] },
      'value-source': { words: ['literal', 'param', 'meta'] },
    },
    required: ['id', 'attribute', 'operation'],
  },
  date_expression: {
    attributes: {
      id: 'id',
      operation: { words: ['in_range', 'gt', 'lt', 'date_spec'] },
      start: 'text',
      end: 'text',
    },
    required: ['id', 'operation'],
    children: { duration: ['duration', 'optional'], date_spec: ['date_spec', 'optional'] },
    special: dateExpression,
  },
  duration: { attributes: { ...dateParts, days: 'text' }, required: ['id'] },
  date_spec: { attributes: { ...dateParts, yeardays: 'text' }, required: ['id'] },
  rsc_expression: { attributes: { id: 'id', class: 'text', provider: 'text', type: 'text' }, required: ['id'] },
  op_expression: { attributes: { id: 'id', name: 'text', interval: 'text' }, required: ['id', 'name'] },
  'fencing-topology': { attributes: {}, children: { 'fencing-level': ['fencing-level', 'any'] } },
  'fencing-level': {
    attributes: {
      id: 'id',
      target: 'text',
      'target-pattern': 'text',
      'target-attribute': 'text',
      'target-value': 'text',
      index: 'positive',
      devices: { pattern: /^[\w.-]+(,[\w.-]+)*$/, expected: 'ids of fence devices with commas between them' },
    },
    required: ['id', 'index', 'devices'],
    exactlyOne: [[['target'], ['target-pattern'], ['target-attribute', 'target-value']]],
  },
  tags: { attributes: {}, children: { tag: ['tag', 'any'] } },
  tag: { attributes: { id: 'id' }, required: ['id'], children: { obj_ref: ['obj_ref', 'some'] } },
  obj_ref: { attributes: { id: 'text' }, required: ['id'] },
  acls: {
    attributes: {},
    children: { acl_target: ['acl_target', 'any'], acl_group: ['acl_group', 'any'], acl_role: ['acl_role', 'any'] },
  },
  acl_target: { attributes: { id: 'text', name: 'text' }, required: ['id'], children: { role: ['role', 'any'] } },
  acl_group: { attributes: { id: 'id', name: 'text' }, required: ['id'], children: { role: ['role', 'any'] } },
  role: { attributes: { id: 'idref' }, required: ['id'] },
  acl_role: { attributes: described, required: ['id'], children: { acl_permission: ['acl_permission', 'any'] } },
  acl_permission: {
    attributes: {
      ...described,
      kind: { words: ['read', 'write', 'deny'] },
      xpath: 'text',
      reference: 'idref',
      'object-type': 'text',
      attribute: 'text',
    },
    required: ['id', 'kind'],
    exactlyOne: [[['xpath'], ['reference'], ['object-type']]],
    onlyWith: { attribute: ['object-type'] },
  },
  alerts: { attributes: {}, children: { alert: ['alert', 'any'] } },
  alert: {
    attributes: { ...described, path: 'text' },
    required: ['id', 'path'],
    children: {
      meta_attributes: ['nvset', 'any'],
      instance_attributes: ['nvset', 'any'],
      select: ['select', 'optional'],
      recipient: ['recipient', 'any'],
    },
  },
  select: {
    attributes: {},
    children: {
      select_attributes: ['select_attributes', 'optional'],
      select_fencing: ['empty', 'optional'],
      select_nodes: ['empty', 'optional'],
      select_resources: ['empty', 'optional'],
    },
  },
  select_attributes: { attributes: {}, children: { attribute: ['attribute', 'any'] } },
  attribute: { attributes: { id: 'id', name: 'text' }, required: ['id', 'name'] },
  recipient: {
    attributes: { ...described, value: 'text' },
    required: ['id', 'value'],
    children: { meta_attributes: ['nvset', 'any'], instance_attributes: ['nvset', 'any'] },
  },
  empty: { attributes: {} },
};
