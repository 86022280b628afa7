/** What follows when an operation is defined otherwise than when it was run. */
import { describe, expect, it } from 'vitest';
import { canonical } from '../../../../src/core/policy/actions/digests.ts';
import { type Happened, operation, primitive } from '../status/status-cib.ts';
import { isBefore, md5, plainPlan, stepNamed, stepsOf } from './plan.ts';

const stopped = { history: { web: ['monitor'] } } as const;

function parameters(pairs: Readonly<Record<string, string>>): string {
  const written = Object.entries(pairs).map(
    ([name, value]) => `<nvpair id="p-${name}" name="${name}" value="${value}"/>`,
  );
  return `<instance_attributes id="p">${written.join('')}</instance_attributes>`;
}

const digestOf = (pairs: Readonly<Record<string, string>>): string => md5(canonical(new Map(Object.entries(pairs))));

/** The resource runs on a, started and watched with `then`; its parameters are `now`. */
function changed(now: Readonly<Record<string, string>>, then: Readonly<Record<string, string>>, reload = '') {
  const recorded = { 'op-digest': digestOf(then) };
  const reloadable =
    reload === '' ? {} : { 'op-force-restart': ` ${reload} `, 'op-restart-digest': digestOf(only(then, reload)) };
  const history: Happened[] = [
    ['start', { ...recorded, ...reloadable }],
    ['monitor/10000', { 'op-digest': digestOf({ ...then, CRM_meta_timeout: '20000' }) }],
  ];
  const resources = primitive('web', parameters(now) + operation('web', 'monitor', '10s'));
  return plainPlan({ resources, a: { history: { web: history } }, b: stopped });
}

function only(pairs: Readonly<Record<string, string>>, name: string): Record<string, string> {
  return Object.fromEntries(Object.entries(pairs).filter(([each]) => each === name));
}

describe('the digest', () => {
  it('is made of the attributes in the order of their names, escaped', () => {
    const pairs = new Map([
      ['b', 'x < "y" & z'],
      ['a', '1'],
    ]);
    expect(canonical(pairs)).toBe(' <parameters a="1" b="x &lt; &quot;y&quot; &amp; z"/>\n');
    expect(md5(canonical(new Map()))).toBe('f2317cad3d54cec5d7d7aa7d0bf35cf8');
    expect(md5(canonical(new Map([['CRM_meta_timeout', '20000']])))).toBe('4811cef7f7f94e3a35a70be7916cb2fd');
  });
});

describe('parameters', () => {
  it('that are the same mean nothing to do', () => {
    expect(changed({ port: '80', user: 'www' }, { user: 'www', port: '80' }).steps).toEqual([]);
  });

  it('that changed restart what cannot reload', () => {
    const plan = changed({ port: '81' }, { port: '80' });
    expect(plan.steps).toEqual(['monitor web a 10s', 'start web a', 'stop web a']);
    expect(stepNamed(plan, 'start web a').reason).toBe('resource definition change');
  });

  it('that changed are reloaded where the agent can, and the monitor starts anew', () => {
    const plan = changed({ port: '80', level: '2' }, { port: '80', level: '1' }, 'port');
    expect(plan.steps).toEqual(['monitor web a 10s', 'reload-agent web a']);
    expect(isBefore(plan, 'reload-agent web a', 'monitor web a 10s')).toBe(true);
  });

  it('whose change needs a restart restart an agent that can reload others', () => {
    expect(stepsOf(changed({ port: '81', level: '1' }, { port: '80', level: '1' }, 'port'), 'web')).toEqual([
      'monitor web a 10s',
      'start web a',
      'stop web a',
    ]);
  });

  it('that are masked in a report are compared by what is not masked', () => {
    const secure = { 'op-secure-params': ' password ', 'op-secure-digest': digestOf({ port: '80' }) };
    const start: Happened = ['start', { 'op-digest': digestOf({ password: 'x', port: '80' }), ...secure }];
    const plan = (port: string) =>
      plainPlan({
        resources: primitive('web', parameters({ password: '****', port })),
        a: { history: { web: [start] } },
        b: stopped,
      }).steps;
    expect(plan('80')).toEqual([]);
    expect(plan('81')).toEqual(['start web a', 'stop web a']);
  });
});

describe('an operation', () => {
  it('without a recorded digest counts as changed', () => {
    const resources = primitive('web', operation('web', 'monitor', '10s'));
    const history = {
      web: [
        ['start', {}],
        ['monitor/10000', { 'op-digest': '' }],
      ],
    } as const;
    expect(plainPlan({ resources, a: { history }, b: stopped }).steps).toEqual(['monitor web a 10s']);
  });

  it('whose timeout changed is only started anew', () => {
    const resources = primitive('web', operation('web', 'monitor', '10s', { timeout: '40s' }));
    const a = { history: { web: ['start', 'monitor/10000'] } } as const;
    const plan = plainPlan({ resources, a, b: stopped });
    expect(plan.steps).toEqual(['monitor web a 10s']);
    expect(stepNamed(plan, 'monitor web a 10s').timeoutMs).toBe(40_000);
  });
});

describe('another agent under the same name', () => {
  it('is started after the old one was stopped and forgotten', () => {
    const resources = '<primitive id="web" class="ocf" provider="heartbeat" type="Other"/>';
    const plan = plainPlan({ resources, a: { history: { web: ['start'] } }, b: { history: {} } });
    expect(stepsOf(plan, 'web')).toEqual(['delete web a', 'monitor web b', 'start web a', 'stop web a']);
    expect(isBefore(plan, 'stop web a', 'delete web a')).toBe(true);
    expect(isBefore(plan, 'delete web a', 'start web a')).toBe(true);
  });
});
