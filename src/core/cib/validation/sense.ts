/** What the schema allows and nobody means: unknown options, values that will not be understood, things said twice. */
import { nearestWord } from '../../config/nearest.ts';
import type { RawElement } from '../model.ts';
import { parseDurationMs, parseRole } from '../values.ts';
import type { OptionWord } from '../vocabulary/option.ts';
import { isValidValue, namesOf, type OptionScope, optionNamed, vocabulary } from '../vocabulary.ts';
import type { Findings, Spot } from './findings.ts';
import { roleWords } from './schema-sections.ts';
import { expectedOf, wordsOf } from './values.ts';

export function checkSense(root: RawElement, findings: Findings): void {
  for (const section of root.children) if (section.name === 'configuration') visit(section, [], findings);
}

function visit(element: RawElement, around: readonly RawElement[], findings: Findings): void {
  const within = [...around, element];
  if (element.name === 'nvpair') checkPair(element, around, findings);
  if (element.name === 'op') checkOperation(element, around, findings);
  if (element.name === 'operations') checkTwice(element, around, findings);
  if (element.name === 'rsc_order') checkItself(element, 'first', 'then', findings);
  if (element.name === 'rsc_colocation') checkItself(element, 'rsc', 'with-rsc', findings);
  if (element.name === 'rule') checkRole(element, findings);
  if (element.name === 'bundle') findings.warning('cib-bundle-not-run', { element }, {});
  for (const child of element.children) visit(child, within, findings);
}

/** Which options a pair can be, by the set it is in and what that belongs to. */
function scopeOf(set: RawElement | undefined, owner: RawElement | undefined): OptionScope | undefined {
  if (set?.name === 'cluster_property_set') return 'cluster';
  if (set?.name !== 'meta_attributes') return undefined;
  switch (owner?.name) {
    case 'primitive':
    case 'template':
      return 'resource';
    case 'group':
      return 'group';
    case 'clone':
    case 'master':
    case 'rsc_defaults':
      return 'clone';
    case 'op':
    case 'op_defaults':
      return 'operation';
    default:
      return undefined;
  }
}

function checkPair(element: RawElement, around: readonly RawElement[], findings: Findings): void {
  const set = around.at(-1);
  const owner = around.at(-2);
  const scope = scopeOf(set, owner);
  const { name, value } = element.attributes;
  if (scope === undefined || name === undefined) return;
  const spot: Spot = { element, owner: owner?.attributes['id'] };
  const option = optionNamed(scope, name);
  const refused = isRefused(scope, name, value);
  if (option === undefined) {
    // Other sets of properties are where agents keep what they need to know of the cluster.
    if (scope === 'cluster' && set?.attributes['id'] !== 'cib-bootstrap-options' && !refused) return;
    const nearest = nearestWord(name, knownNames[scope]);
    const fields = { option: name, ...(nearest === undefined ? {} : { nearest }) };
    findings.warning('cib-option-unknown', { ...spot, attribute: 'name' }, fields, refused);
  } else if (option.standing === 'gone' || refused) {
    const fields = { option: name, meaning: option.meaning };
    findings.warning('cib-option-gone', { ...spot, attribute: 'name' }, fields, refused);
  } else if (value !== undefined && value !== '#default') {
    checkValue(option, value, { ...spot, attribute: 'value' }, name, findings);
  }
}

/** Names and values that the schema itself refuses: what Pacemaker 2 no longer reads. */
function isRefused(scope: OptionScope, name: string, value: string | undefined): boolean {
  if (scope === 'operation') return name === 'requires';
  if (scope === 'resource') return /^isolation(-host|-instance|-wrapper)?$/.test(name);
  if (scope !== 'cluster') return false;
  return refusedProperties.has(name) || (name === 'cluster-infrastructure' && oldInfrastructures.has(value ?? 'cman'));
}

const refusedProperties = new Set([
  'cluster_recheck_interval',
  'dc_deadtime',
  'default-action-timeout',
  'default_action_timeout',
  'default-migration-threshold',
  'default_migration_threshold',
  'default-resource-failure-stickiness',
  'default_resource_failure_stickiness',
  'default-resource-stickiness',
  'default_resource_stickiness',
  'election_timeout',
  'expected-quorum-votes',
  'is-managed-default',
  'is_managed_default',
  'no_quorum_policy',
  'notification-agent',
  'notification-recipient',
  'remove_after_stop',
  'shutdown_escalation',
  'startup_fencing',
  'stonith_action',
  'stonith_enabled',
  'stop_orphan_actions',
  'stop_orphan_resources',
  'symmetric_cluster',
  'transition_idle_timeout',
]);

const oldInfrastructures = new Set([
  'heartbeat',
  'openais',
  'classic openais',
  'classic openais (with plugin)',
  'cman',
]);

function checkOperation(element: RawElement, around: readonly RawElement[], findings: Findings): void {
  const owner = around.findLast((outer) => outer.attributes['id'] !== undefined)?.attributes['id'];
  for (const attribute of ['interval', 'timeout', 'start-delay']) {
    const value = element.attributes[attribute];
    const option = optionNamed('operation', attribute);
    if (value !== undefined && option !== undefined)
      checkValue(option, value, { element, attribute, owner }, attribute, findings);
  }
}

function checkValue(option: OptionWord, value: string, spot: Spot, name: string, findings: Findings): void {
  if (isValidValue(option, value)) return;
  const words =
    option.type === 'boolean'
      ? ['true', 'false']
      : [...(option.values ?? []), ...Object.keys(option.otherValues ?? {})];
  const nearest = nearestWord(value, words);
  findings.warning('cib-option-value', spot, {
    option: name,
    value,
    expected: expectedFor(option),
    ...(nearest === undefined ? {} : { nearest }),
    ...(option.default === undefined ? {} : { default: option.default }),
  });
}

function expectedFor(option: OptionWord): string {
  switch (option.type) {
    case 'choice':
      return expectedOf({ words: (option.values ?? []).filter((word) => word !== '') });
    case 'boolean':
    case 'integer':
    case 'score':
    case 'text':
      return expectedOf(option.type);
    case 'duration':
      return 'a time such as 30s, 2min or PT30S';
    case 'percentage':
      return 'a percentage such as 80%';
  }
}

/** Two operations of one name, interval and role: which of them runs is nobody's choice. */
function checkTwice(operations: RawElement, around: readonly RawElement[], findings: Findings): void {
  const seen = new Set<string>();
  for (const element of operations.children) {
    const { name, interval, role } = element.attributes;
    if (element.name !== 'op' || name === undefined) continue;
    const key = `${name} ${parseDurationMs(interval) ?? interval ?? 0} ${parseRole(role) ?? 'Started'}`;
    if (seen.has(key))
      findings.warning(
        'cib-operation-repeated',
        { element },
        { resource: around.at(-1)?.attributes['id'] ?? '', operation: name, interval: interval ?? '0' },
      );
    seen.add(key);
  }
}

/** The schema lets a rule have any role; one that does not exist makes the constraint void. */
function checkRole(element: RawElement, findings: Findings): void {
  const { role } = element.attributes;
  if (role === undefined || parseRole(role) !== undefined) return;
  const nearest = nearestWord(role, wordsOf(roleWords));
  const fields = { role, expected: expectedOf(roleWords), ...(nearest === undefined ? {} : { nearest }) };
  findings.error('cib-role-unknown', { element, attribute: 'role' }, fields, false);
}

function checkItself(element: RawElement, left: string, right: string, findings: Findings): void {
  const resource = element.attributes[left];
  if (resource === undefined || resource !== element.attributes[right]) return;
  findings.warning('cib-constraint-with-itself', { element, attribute: right }, { resource });
}

const knownNames: Readonly<Record<OptionScope, readonly string[]>> = {
  cluster: vocabulary.cluster.flatMap(namesOf),
  resource: vocabulary.resource.flatMap(namesOf),
  group: vocabulary.group.flatMap(namesOf),
  clone: vocabulary.clone.flatMap(namesOf),
  operation: vocabulary.operation.flatMap(namesOf),
};
