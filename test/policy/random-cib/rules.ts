/** Rules of location constraints and of attribute sets. */
import { type Element, el } from '../xml-tree.ts';
import { nowS, type World } from './world.ts';

export function locationRule(world: World, scoring: Record<string, string | undefined>): Element {
  const { draw } = world;
  const count = draw.chance(0.7) ? 1 : 2;
  const operands: Element[] = [];
  for (let made = 0; made < count; made++) {
    const dated = world.may('location date rules', 0.5);
    operands.push(dated ? dateExpression(world) : attributeExpression(world));
  }
  if (draw.chance(0.1))
    operands.push(el('rule', { id: world.newId('rule'), score: '0' }, [attributeExpression(world)]));
  const both = operands.length > 1 || draw.chance(0.2) ? draw.pick(['and', 'or', undefined]) : undefined;
  return el('rule', { id: world.newId('rule'), ...scoring, 'boolean-op': both }, operands);
}

export function attributeExpression(world: World): Element {
  const { draw } = world;
  const id = world.newId('expr');
  const attribute = draw.pick(['#uname', '#uname', 'site', 'rack', 'pingd', 'absent', '#kind', '#cluster-name']);
  if (draw.chance(0.2)) return el('expression', { id, attribute, operation: draw.pick(['defined', 'not_defined']) });
  const numeric = attribute === 'rack' || attribute === 'pingd';
  const operation = numeric ? draw.pick(['lt', 'gt', 'lte', 'gte', 'eq', 'ne']) : draw.pick(['eq', 'ne', 'eq']);
  const values: Record<string, string[]> = {
    '#uname': world.nodes.map(({ name }) => name),
    site: ['a', 'b', 'c'],
    rack: ['1', '2', '9'],
    pingd: ['0', '100', '150'],
  };
  const type = numeric
    ? draw.pick(['number', undefined, 'string', 'version', 'number'])
    : draw.pick([undefined, 'string', undefined]);
  return el('expression', { id, attribute, operation, value: draw.pick(values[attribute] ?? ['cluster']), type });
}

export function dateExpression(world: World): Element {
  const { draw } = world;
  const id = world.newId('expr');
  const at = (offsetS: number): string =>
    new Date((nowS + offsetS) * 1000).toISOString().slice(0, 19).replace('T', ' ').concat('Z');
  const before = at(-draw.pick([60, 3600, 86_400, 400 * 86_400]));
  const after = at(draw.pick([60, 3600, 86_400, 400 * 86_400]));
  const kinds = [
    (): Element => el('date_expression', { id, operation: 'gt', start: draw.pick([before, after]) }),
    (): Element => el('date_expression', { id, operation: 'lt', end: draw.pick([before, after]) }),
    (): Element =>
      el('date_expression', { id, operation: 'in_range', start: before, end: draw.pick([after, at(-30)]) }),
    (): Element =>
      el('date_expression', { id, operation: 'in_range', start: before }, [
        el('duration', {
          id: world.newId('dur'),
          ...draw.pick<Record<string, string>>([{ hours: '2' }, { months: '1' }, { years: '2' }, { weeks: '1' }]),
        }),
      ]),
    (): Element =>
      el('date_expression', { id, operation: 'date_spec' }, [
        el('date_spec', {
          id: world.newId('spec'),
          ...draw.pick<Record<string, string>>([
            { hours: '9-16' },
            { hours: '22' },
            { hours: '20-' },
            { weekdays: '1-5' },
            { weekdays: '6-7' },
            { weekdays: '2', hours: '-23' },
            { monthdays: '14' },
            { months: '11', years: '2023' },
            { years: '2024-' },
            { weeks: '46' },
          ]),
        }),
      ]),
  ];
  return draw.pick(kinds)();
}
