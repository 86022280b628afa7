/** What a primitive takes over from its template: the agent, the sets, and operations that it does not define itself. */
import type { Cib, Clone, Group, Operation, Primitive, ResourceDefinition, Template } from '../../cib/model.ts';
import { parseRole } from '../../cib/values.ts';

/** @returns the primitive as if it had been written out in full; undefined when there is no such template. */
export function withTemplate(primitive: Primitive, templates: ReadonlyMap<string, Template>): Primitive | undefined {
  if (primitive.template === undefined) return primitive;
  const template = templates.get(primitive.template);
  if (template === undefined || primitive.template === primitive.id) return undefined;
  // Of sets with the same score the later one wins: the primitive's own stand behind those of the template.
  return {
    ...primitive,
    ...agentOf(template),
    meta: [...template.meta, ...primitive.meta],
    params: [...template.params, ...primitive.params],
    utilization: [...template.utilization, ...primitive.utilization],
    operations: mergedOperations(template.operations, primitive.operations),
  };
}

/** The definition with every primitive in it written out in full; primitives without their template fall out of groups. */
export function withTemplates(
  definition: Exclude<ResourceDefinition, { kind: 'bundle' }>,
  templates: ReadonlyMap<string, Template>,
): Primitive | Group | Clone | undefined {
  switch (definition.kind) {
    case 'primitive':
      return withTemplate(definition, templates);
    case 'group': {
      if (definition.members.every(({ template }) => template === undefined)) return definition;
      const members = definition.members.map((member) => withTemplate(member, templates));
      return { ...definition, members: members.filter((member) => member !== undefined) };
    }
    case 'clone': {
      const child = withTemplates(definition.child, templates);
      if (child === undefined || child.kind === 'clone') return undefined;
      return child === definition.child ? definition : { ...definition, child };
    }
  }
}

export function templatesOf(cib: Cib): ReadonlyMap<string, Template> {
  return new Map(cib.configuration.templates.map((template) => [template.id, template]));
}

function agentOf({ class: standard, provider, type }: Template): Pick<Primitive, 'class' | 'provider' | 'type'> {
  return {
    ...(standard === undefined ? {} : { class: standard }),
    ...(provider === undefined ? {} : { provider }),
    ...(type === undefined ? {} : { type }),
  };
}

/** An operation of the primitive replaces the template's with the same name and role, whatever their intervals. */
function mergedOperations(inherited: readonly Operation[], own: readonly Operation[]): readonly Operation[] {
  const known = new Set(own.map(operationKey));
  return [...own, ...inherited.filter((operation) => !known.has(operationKey(operation)))];
}

function operationKey({ name, attributes }: Operation): string {
  const role = parseRole(attributes['role']);
  return `${name}-${role === undefined || role === 'Started' || role === 'Unpromoted' ? 'any' : role}`;
}
