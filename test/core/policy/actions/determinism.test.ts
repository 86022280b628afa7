/** The same cluster gives the same graph, in whatever order its status was written down. */
import { describe, expect, it } from 'vitest';
import { parseCib } from '../../../../src/core/cib/xml.ts';
import { decide } from '../../../../src/core/policy/decide.ts';
import { cibText, meta, nowS, operation, primitive } from '../status/status-cib.ts';
import { md5 } from './plan.ts';

const plain = ['p', 'q', 'r'].map((id) => primitive(id, operation(id, 'monitor', '10s'))).join('');

const withResources = (resources: string, more: Readonly<Record<string, readonly string[]>> = {}): string =>
  cibText({
    resources,
    constraints: '<rsc_order id="o1" first="p" then="q"/><rsc_order id="o2" first="q" then="c"/>',
    a: {
      history: {
        p: ['start', 'monitor/10000=1'],
        q: ['start'],
        r: ['start', 'monitor/10000'],
        gone: ['start'],
        ...more,
      },
      attributes: {
        'fail-count-p#monitor_10000': '2',
        'fail-count-r#monitor_10000': '1',
        'last-failure-r#monitor_10000': '1',
      },
    },
    b: { history: { p: ['monitor'], q: ['monitor'], gone: ['stop'], ...more } },
  });

const text = withResources(plain + cloned(), { x: ['start'] });

function cloned(): string {
  return `<clone id="c">${meta('c', { notify: 'true' })}${primitive('x')}</clone>`;
}

function graphOf(cib: string): string {
  const parsed = parseCib(cib);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed));
  return JSON.stringify(decide(parsed.value.cib, { nowS, md5 }).graph);
}

function reversed(cib: string, element: RegExp): string {
  const found = cib.match(element) ?? [];
  expect(found.length).toBeGreaterThan(1);
  const backwards = [...found].reverse();
  return cib.replace(element, () => backwards.shift()!);
}

describe('the graph', () => {
  it.each([
    ['the histories of a node', /<lrm_resource .*?<\/lrm_resource>/gs],
    ['nodes', /<node id="[^"]*" uname="[^"]*"\/>/g],
    ['the transient attributes', /<nvpair id="t1-\d" .*?\/>/g],
  ])('does not depend on the order of %s', (what, element) => {
    const other = what === 'the histories of a node' ? reversedWithin(text) : reversed(text, element);
    expect(other).not.toBe(text);
    expect(graphOf(other)).toBe(graphOf(text));
  });
});

describe('where numbers of instances are given in the order of the states', () => {
  it('only those depend on it', () => {
    const states = /<node_state .*?<\/node_state>/gs;
    const unnumbered = (graph: string): string => graph.replace(/x:\d/g, 'x');
    const alone = withResources(plain);
    expect(graphOf(reversed(alone, states))).toBe(graphOf(alone));
    expect(unnumbered(graphOf(reversed(text, states))).length).toBe(unnumbered(graphOf(text)).length);
  });
});

/** Histories stay on their node. */
function reversedWithin(cib: string): string {
  return cib.replace(/<lrm_resources>.*?<\/lrm_resources>/gs, (list) =>
    reversed(list, /<lrm_resource .*?<\/lrm_resource>/gs),
  );
}
