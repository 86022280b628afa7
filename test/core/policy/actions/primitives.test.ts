/** The steps of one primitive from where it is to where it is to be. */
import { describe, expect, it } from 'vitest';
import { meta, operation, primitive } from '../status/status-cib.ts';
import { isBefore, plainPlan, planOf, stepNamed, stepsOf } from './plan.ts';

const stopped = { history: { web: ['monitor'] } } as const;
const running = { history: { web: ['start', 'monitor/10000'] } } as const;
const monitored = primitive('web', operation('web', 'monitor', '10s'));

describe('a primitive', () => {
  it('is probed everywhere and started where it was put, then watched', () => {
    const plan = plainPlan({ resources: monitored });
    expect(plan.steps).toEqual(['monitor web a', 'monitor web a 10s', 'monitor web b', 'start web a']);
    expect(stepNamed(plan, 'monitor web b').expectedRc).toBe(7);
    expect(isBefore(plan, 'monitor web b', 'start web a')).toBe(true);
    expect(isBefore(plan, 'start web a', 'monitor web a 10s')).toBe(true);
  });

  it('is left alone where it runs as it should', () => {
    expect(plainPlan({ resources: monitored, a: running, b: stopped }).steps).toEqual([]);
  });

  it('moves by a stop and a start', () => {
    const a = { ...running, attributes: { standby: 'true' } };
    const plan = plainPlan({ resources: monitored, a, b: stopped });
    expect(plan.steps).toEqual(['monitor web b 10s', 'start web b', 'stop web a']);
    expect(isBefore(plan, 'stop web a', 'start web b')).toBe(true);
  });

  it('that failed is stopped and started in place', () => {
    const a = { history: { web: ['start', 'monitor/10000=1'] } };
    const plan = plainPlan({ resources: monitored, a, b: stopped });
    expect(plan.steps).toEqual(['monitor web a 10s', 'start web a', 'stop web a']);
  });

  it('says why it is stopped, not that it cannot start again', () => {
    const plan = plainPlan({ resources: monitored, a: running, b: stopped, quorum: false });
    expect(plan.steps).toEqual(['stop web a']);
    expect(stepNamed(plan, 'stop web a').reason).toBe('no quorum');
  });

  it('that runs twice is stopped on both nodes and started on one', () => {
    const plan = plainPlan({ resources: primitive('web'), a: running, b: { history: { web: ['start'] } } });
    expect(stepsOf(plan, 'web').filter((step) => !step.startsWith('cancel'))).toEqual([
      'start web a',
      'stop web a',
      'stop web b',
    ]);
    expect(isBefore(plan, 'stop web b', 'start web a')).toBe(true);
  });

  it('that runs twice with stop_unexpected is only stopped where it should not run', () => {
    const resources = primitive('web', meta('web', { 'multiple-active': 'stop_unexpected' }));
    const both = { history: { web: ['start'] } };
    const plan = plainPlan({ resources, a: both, b: both });
    expect(plan.steps).toEqual(['stop web b', 'web_start_0']);
  });

  it('that is not managed is watched, and nothing else', () => {
    const resources = primitive('web', meta('web', { 'is-managed': 'false' }) + operation('web', 'monitor', '10s'));
    const a = { history: { web: ['start'] }, attributes: { standby: 'true' } };
    expect(plainPlan({ resources, a, b: stopped }).steps).toEqual(['monitor web a 10s']);
  });

  it('in maintenance is not even watched', () => {
    const resources = primitive('web', meta('web', { maintenance: 'true' }) + operation('web', 'monitor', '10s'));
    const plan = plainPlan({ resources, a: running, b: stopped });
    expect(plan.steps).toEqual(['cancel web a 10s']);
    expect(stepNamed(plan, 'cancel web a 10s').reason).toBe('maintenance mode');
  });

  it('with enable-startup-probes=false is started without a probe', () => {
    const plan = plainPlan({ resources: primitive('web'), options: { 'enable-startup-probes': 'false' } });
    expect(plan.steps).toEqual(['start web a']);
  });

  it('without quorum is stopped, and not started again', () => {
    const plan = plainPlan({ resources: primitive('web'), quorum: false, a: running, b: stopped });
    expect(stepsOf(plan, 'web').filter((step) => !step.startsWith('cancel'))).toEqual(['stop web a']);
  });

  it('is stopped before its node shuts down', () => {
    const a = { ...running, attributes: { shutdown: '1800000000' } };
    const plan = plainPlan({ resources: monitored, a, b: stopped });
    expect(plan.steps).toContain('do_shutdown a');
    expect(isBefore(plan, 'stop web a', 'do_shutdown a')).toBe(true);
  });

  it('that is no longer configured is stopped, and its history erased', () => {
    const plan = plainPlan({ resources: '', a: running, b: stopped });
    expect(plan.steps).toEqual(['delete web a', 'delete web b', 'stop web a']);
    expect(isBefore(plan, 'stop web a', 'delete web a')).toBe(true);
  });
});

describe('recurring operations', () => {
  it('that were removed from the configuration are cancelled', () => {
    const plan = plainPlan({ resources: primitive('web'), a: running, b: stopped });
    expect(plan.steps).toEqual(['cancel web a 10s']);
    expect(stepNamed(plan, 'cancel web a 10s').reason).toBe('orphan');
  });

  it('of the role Stopped run where the resource does not', () => {
    const resources = primitive('web', operation('web', 'monitor', '20s', { role: 'Stopped' }));
    const a = { history: { web: ['start'] } };
    const plan = plainPlan({ resources, a, b: stopped });
    expect(plan.steps).toEqual(['monitor web b 20s']);
    expect(stepNamed(plan, 'monitor web b 20s').expectedRc).toBe(7);
  });
});

describe('fencing', () => {
  const lost = { state: { in_ccm: 'false', crmd: 'offline', join: 'down' } };

  it('stops what ran on a lost node, and starts elsewhere wait for it', () => {
    const plan = planOf({ resources: monitored, a: stopped, b: { ...running, ...lost } });
    expect(plan.steps).toContain('fence b');
    expect(stepsOf(plan, 'web')).toEqual(['monitor web a 10s', 'start web a']);
    expect(isBefore(plan, 'fence b', 'web_stop_0')).toBe(true);
    expect(isBefore(plan, 'fence b', 'start web a')).toBe(true);
  });

  it('is waited for also by what was not known to run there', () => {
    const plan = planOf({ resources: primitive('web'), a: { history: { web: ['monitor'] } }, b: lost });
    expect(isBefore(plan, 'fence b', 'start web a')).toBe(true);
  });

  it('is not waited for by what does not require it', () => {
    const resources = primitive('web', meta('web', { requires: 'quorum' }));
    const history = { web: ['start'] };
    const plan = planOf({ resources, a: stopped, b: { history, ...lost } });
    expect(plan.steps).toContain('fence b');
    expect(isBefore(plan, 'fence b', 'start web a')).toBe(false);
  });

  it('does not happen without a device; then nothing is touched', () => {
    const plan = planOf({ device: false, resources: monitored, a: stopped, b: { ...running, ...lost } });
    expect(plan.steps).toEqual([]);
  });
});
