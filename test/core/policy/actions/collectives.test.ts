/** Groups, clones, promotable clones and their notifications, and live migration. */
import { describe, expect, it } from 'vitest';
import { meta, operation, primitive } from '../status/status-cib.ts';
import { isBefore, plainPlan, stepNamed, stepsOf } from './plan.ts';

const ran = ['start'] as const;
const idle = ['monitor'] as const;
const away = { attributes: { standby: 'true' } };

describe('a group', () => {
  const resources = `<group id="g">${primitive('x')}${primitive('y')}</group>`;
  const running = { history: { x: ran, y: ran } };
  const stopped = { history: { x: idle, y: idle } };

  it('comes up from the first member to the last, between its points', () => {
    const plan = plainPlan({ resources });
    expect(isBefore(plan, 'g_start_0', 'start x a')).toBe(true);
    expect(isBefore(plan, 'start x a', 'start y a')).toBe(true);
    expect(isBefore(plan, 'start y a', 'g_running_0')).toBe(true);
  });

  it('goes down from the last to the first', () => {
    const plan = plainPlan({ resources, a: { ...running, ...away }, b: stopped });
    expect(isBefore(plan, 'stop y a', 'stop x a')).toBe(true);
    expect(isBefore(plan, 'g_stopped_0', 'g_start_0')).toBe(true);
  });

  it('restarts what comes after a failed member, and nothing before it', () => {
    const watched = `<group id="g">${['x', 'y'].map((id) => primitive(id, operation(id, 'monitor', '10s'))).join('')}</group>`;
    const well = ['start', 'monitor/10000'];
    const failed = ['start', 'monitor/10000=1'];
    const last = plainPlan({ resources: watched, a: { history: { x: well, y: failed } }, b: stopped });
    expect(stepsOf(last, 'x', 'y')).toEqual(['monitor y a 10s', 'start y a', 'stop y a']);
    const first = plainPlan({ resources: watched, a: { history: { x: failed, y: well } }, b: stopped });
    expect(stepsOf(first, 'x')).toEqual(['monitor x a 10s', 'start x a', 'stop x a']);
    expect(stepsOf(first, 'y')).toEqual(['monitor y a 10s', 'start y a', 'stop y a']);
  });

  it('with ordered=false has members that do not wait for each other', () => {
    const free = `<group id="g">${meta('g', { ordered: 'false' })}${primitive('x')}${primitive('y')}</group>`;
    const plan = plainPlan({ resources: free });
    expect(isBefore(plan, 'start x a', 'start y a')).toBe(false);
  });
});

describe('a clone', () => {
  const clone = (id: string, options: Readonly<Record<string, string>> = {}): string =>
    `<clone id="c-${id}">${meta(`c-${id}`, options)}${primitive(id)}</clone>`;

  it('is started on both nodes, each instance by itself, under the name of what was cloned', () => {
    const plan = plainPlan({ resources: clone('x') });
    expect(stepsOf(plan, 'x')).toEqual(['monitor x a', 'monitor x b', 'start x a', 'start x b']);
    expect(isBefore(plan, 'start x a', 'start x b')).toBe(false);
    expect(isBefore(plan, 'start x b', 'c-x_running_0')).toBe(true);
  });

  it('with ordered=true is started one instance after the other', () => {
    const plan = plainPlan({ resources: clone('x', { ordered: 'true' }) });
    expect(isBefore(plan, 'start x a', 'start x b') || isBefore(plan, 'start x b', 'start x a')).toBe(true);
  });

  it('waits for all instances of another, or with interleave=true only for that on the same node', () => {
    const constraints = '<rsc_order id="o" first="c-x" then="c-y"/>';
    const all = plainPlan({ resources: clone('x') + clone('y'), constraints });
    expect([isBefore(all, 'start x a', 'start y b'), isBefore(all, 'start x b', 'start y b')]).toEqual([true, true]);
    const interleaved = plainPlan({ resources: clone('x') + clone('y', { interleave: 'true' }), constraints });
    const own = [isBefore(interleaved, 'start x a', 'start y a'), isBefore(interleaved, 'start x b', 'start y b')];
    expect(own).toEqual([true, true]);
  });

  it('restarts only the instance whose partner restarts, with interleave=true', () => {
    const resources = clone('x', { interleave: 'true' }) + clone('y', { interleave: 'true' });
    const constraints = '<rsc_order id="o" first="c-x" then="c-y"/>';
    const a = { history: { x: ['start', 'monitor/10000=1'], y: ran } };
    const b = { history: { x: ran, y: ran } };
    expect(stepsOf(plainPlan({ resources, constraints, a, b }), 'y')).toEqual(['start y a', 'stop y a']);
    const whole = plainPlan({ resources: clone('x') + clone('y'), constraints, a, b });
    expect(stepsOf(whole, 'y')).toEqual(['start y a', 'start y b', 'stop y a', 'stop y b']);
  });

  it('with clone-min is waited for until so many instances can run', () => {
    const constraints = '<rsc_order id="o" first="c-x" then="z"/>';
    const one = { 'clone-min': '1', 'clone-max': '1' };
    const enough = plainPlan({ resources: clone('x', one) + primitive('z'), constraints });
    expect(stepsOf(enough, 'z')).toContain('start z b');
    const two = { 'clone-min': '2', 'clone-max': '1' };
    const few = plainPlan({ resources: clone('x', two) + primitive('z'), constraints });
    expect(stepsOf(few, 'z')).toEqual(['monitor z a', 'monitor z b']);
  });
});

describe('a promotable clone', () => {
  const clone = (options: Readonly<Record<string, string>> = {}, inside = ''): string =>
    `<clone id="c">${meta('c', { promotable: 'true', ...options })}${primitive('x', inside)}</clone>`;
  const master = { 'master-x': '10' };

  it('is promoted after every start', () => {
    const plan = plainPlan({ resources: clone(), a: { attributes: master } });
    expect(isBefore(plan, 'start x b', 'promote x a')).toBe(true);
  });

  it('is demoted before it is stopped, and elsewhere promoted after that', () => {
    const a = { history: { x: ['start', 'promote'] }, attributes: { standby: 'true' } } as const;
    const plan = plainPlan({ resources: clone(), a, b: { history: { x: ran }, attributes: master } });
    expect(stepsOf(plan, 'x')).toEqual(['demote x a', 'promote x b', 'stop x a']);
    expect(isBefore(plan, 'demote x a', 'stop x a')).toBe(true);
    expect(isBefore(plan, 'demote x a', 'promote x b')).toBe(true);
  });

  it('has its monitors changed with the role', () => {
    const operations = `<operations>
      <op id="p" name="monitor" interval="10s" role="Promoted"/><op id="u" name="monitor" interval="11s" role="Unpromoted"/>
    </operations>`;
    const a = { history: { x: ['start', 'monitor/11000'] }, attributes: master } as const;
    const b = { history: { x: ['start', 'monitor/11000'] } } as const;
    const plan = plainPlan({ resources: clone({}, operations), a, b });
    expect(stepsOf(plan, 'x')).toEqual(['cancel x a 11s', 'monitor x a 10s', 'promote x a']);
    expect(isBefore(plan, 'cancel x a 11s', 'promote x a')).toBe(true);
    expect(isBefore(plan, 'promote x a', 'monitor x a 10s')).toBe(true);
    expect(stepNamed(plan, 'monitor x a 10s').expectedRc).toBe(8);
  });

  it('with notify=true tells every instance before and after, and goes on when all have heard', () => {
    const a = { history: { x: ran }, attributes: master } as const;
    const plan = plainPlan({ resources: clone({ notify: 'true' }), a, b: { history: { x: ran } } });
    expect(stepsOf(plan, 'x')).toEqual(['notify x a', 'notify x a', 'notify x b', 'notify x b', 'promote x a']);
    expect(isBefore(plan, 'c_confirmed-pre_notify_promote_0', 'promote x a')).toBe(true);
    expect(isBefore(plan, 'promote x a', 'c_post_notify_promoted_0')).toBe(true);
    const told = plan.graph.actions.find(({ key }) => key === 'x_post_notify_promote_0')!;
    expect(told.meta).toMatchObject({
      notify_type: 'post',
      notify_operation: 'promote',
      notify_promote_resource: 'x:0',
      notify_promote_uname: 'a',
      notify_active_resource: 'x:0 x:1',
      notify_unpromoted_uname: 'a b',
      notify_stop_uname: ' ',
    });
  });
});

describe('live migration', () => {
  const mobile = (id: string): string => primitive(id, meta(id, { 'allow-migrate': 'true' }));

  it('takes the place of stop and start', () => {
    const plan = plainPlan({
      resources: mobile('vm'),
      a: { history: { vm: ran }, ...away },
      b: { history: { vm: idle } },
    });
    expect(plan.steps).toEqual(['migrate_from vm b', 'migrate_to vm a', 'stop vm a', 'vm_start_0']);
    expect(isBefore(plan, 'migrate_to vm a', 'migrate_from vm b')).toBe(true);
    expect(isBefore(plan, 'migrate_from vm b', 'stop vm a')).toBe(true);
    expect(stepNamed(plan, 'migrate_to vm a').meta).toMatchObject({ migrate_source: 'a', migrate_target: 'b' });
  });

  it('is none for what failed', () => {
    const a = { history: { vm: ['start', 'monitor/10000=1'] }, ...away } as const;
    const plan = plainPlan({ resources: mobile('vm'), a, b: { history: { vm: idle } } });
    expect(plan.steps).toEqual(['start vm b', 'stop vm a']);
  });

  it('is none when something that cannot migrate has to move before it', () => {
    const plan = plainPlan({
      resources: primitive('disk') + mobile('vm'),
      constraints: '<rsc_order id="o" first="disk" then="vm"/>',
      a: { history: { disk: ran, vm: ran }, ...away },
      b: { history: { disk: idle, vm: idle } },
    });
    expect(stepsOf(plan, 'vm')).toEqual(['start vm b', 'stop vm a']);
  });
});

describe('capacity', () => {
  it('is waited for where it is used', () => {
    const heavy = (id: string, more: Readonly<Record<string, string>> = {}): string =>
      primitive(
        id,
        `${meta(id, more)}<utilization id="${id}-u"><nvpair id="${id}-uc" name="cpu" value="1"/></utilization>`,
      );
    const plan = plainPlan({
      resources: heavy('x', { 'target-role': 'Stopped' }) + heavy('y'),
      options: { 'placement-strategy': 'utilization' },
      a: { history: { x: ran, y: idle } },
      b: { history: { x: idle, y: idle }, ...away },
    });
    expect(plan.steps).not.toContain('start y b');
    expect(plan.steps.filter((step) => step.startsWith('load_stopped'))).toEqual(['load_stopped_a', 'load_stopped_b']);
  });
});

describe('what must not run beside another', () => {
  it('comes to a node only after the other has left it', () => {
    const plan = plainPlan({
      resources: primitive('x') + primitive('y'),
      constraints: `<rsc_colocation id="apart" rsc="y" with-rsc="x" score="-INFINITY"/>
        <rsc_location id="lx" rsc="x" node="b" score="100"/>`,
      a: { history: { x: ran, y: idle } },
      b: { history: { x: idle, y: ran } },
    });
    expect(isBefore(plan, 'stop y b', 'start x b')).toBe(true);
    expect(isBefore(plan, 'stop x a', 'start y a')).toBe(true);
  });
});

describe('a monitor of a collective', () => {
  it('starts after the last notification', () => {
    const resources = `<clone id="c">${meta('c', { notify: 'true' })}${primitive('x', operation('x', 'monitor', '10s'))}</clone>`;
    const plan = plainPlan({ resources });
    expect(isBefore(plan, 'c_confirmed-post_notify_running_0', 'monitor x a 10s')).toBe(true);
  });
});
