import { describe, expect, it } from 'vitest';
import type { OperationOutcome } from '../../../src/core/agents.ts';
import type { MonitoringOptions } from '../../../src/core/haresources/watch.ts';
import { groupKey } from '../../../src/core/types.ts';
import { answering, inventoryOf, LoneNode, ms, node1, resourceOf, vip, wordsOf } from '../lone-node.ts';

/** Asked every second; 10.0.0.1 and the first service have their turns within it. */
const monitoring: MonitoringOptions = { intervalMs: 1000, intervalsMs: {}, failuresMax: 3, failureWindowMs: 60_000 };

/** `vip` runs here and every status says so, but for what a test changes in `outcomes`. */
function watched(
  changes: Partial<MonitoringOptions> = {},
): LoneNode & { outcomes: Record<string, OperationOutcome | 'hold'> } {
  const node = new LoneNode({ monitoring: { ...monitoring, ...changes } });
  const outcomes: Record<string, OperationOutcome | 'hold'> = {};
  // A restart mends what had died.
  node.answer = (operation) => {
    const key = `${operation.group}#${operation.index}`;
    if (operation.action === 'status')
      return node.letters === '--' ? 'not-running' : (outcomes[key] ?? ('running' as const));
    return outcomes[wordsOf(operation)] ?? 'done';
  };
  node.boot().heard().says({ web: 'r' }).says().forget();
  return Object.assign(node, { outcomes });
}

const restartsOf = (node: LoneNode): string[] => node.operations.filter((words) => !words.startsWith('status'));

describe('monitoring', () => {
  it('asks every resource right after its start, and once in every interval from then on, each at its own time', () => {
    const node = watched().pass(30_000);
    const asked = node.operations.filter((words) => words === 'status vip#1');
    expect(asked.length).toBeGreaterThanOrEqual(29);
    expect(asked.length).toBeLessThanOrEqual(31);
    const watches = node.state.groups[0]!.monitor.watches;
    expect(watches.map(({ dueUs }) => dueUs)).not.toContain(undefined);
    expect(watches[0]!.dueUs).not.toBe(watches[1]!.dueUs);
    expect(node.letters).toBe('r-');
  });

  it('is off with an interval of 0, and can be so for a word, a group or a type alone', () => {
    expect(watched({ intervalMs: 0 }).pass(5000).operations).toEqual([]);
    for (const name of ['apache', '10.0.0.1', 'IPaddr', 'vip']) {
      const asked = new Set(
        watched({ intervalsMs: { [name]: 0 } })
          .forget()
          .pass(5000).operations,
      );
      const rest = name === 'vip' ? [] : name === 'apache' ? ['status vip#0'] : ['status vip#1'];
      expect([...asked], name).toEqual(rest);
    }
  });

  it('asks no more than four resources at a time, and the others as soon as there is an answer', () => {
    const many = { ...vip, resources: Array.from({ length: 9 }, (_, index) => resourceOf(`service${index}`)) };
    const node = new LoneNode({ groups: [many], monitoring });
    node.answer = ({ action }) => (action === 'status' ? 'hold' : 'done');
    node.boot().heard().says().says();
    expect(node.letters).toBe('r');
    expect(node.held.map(wordsOf)).toEqual(['status vip#0', 'status vip#1', 'status vip#2', 'status vip#3']);
    node.pass(10_000);
    expect(node.held).toHaveLength(4);
    node.result(node.held[0]!, 'running');
    expect(node.held.map(wordsOf)).toContain('status vip#4');
    expect(node.held).toHaveLength(4);
  });
});

describe('a resource that has died', () => {
  it('is started again here, with everything to the right of it, and nothing to the left', () => {
    const node = watched().pass(2000).forget();
    node.outcomes['vip#1'] = 'not-running';
    node.answer = ((usual) => (operation) => {
      if (operation.action === 'start') delete node.outcomes['vip#1'];
      return usual(operation);
    })(node.answer);
    node.pass(1500);
    expect(restartsOf(node)).toEqual(['stop vip#1', 'start vip#1']);
    expect(node.evidence).toEqual(['vip#1 heldHere']);
    expect(node.letters).toBe('r-');
    expect(node.logged).toContain('resource-failed');
    expect(node.state.groups[0]!.monitor).toMatchObject({ restarts: 1, failures: [expect.any(Number)] });
  });

  it('takes what is to the right of it along, in order', () => {
    const node = watched().pass(2000).forget();
    node.outcomes['vip#0'] = 'not-running';
    node.answer = ((usual) => (operation) => {
      if (operation.action === 'start') node.outcomes['vip#0'] = 'running';
      return usual(operation);
    })(node.answer);
    node.pass(1500);
    expect(restartsOf(node)).toEqual(['stop vip#1', 'stop vip#0', 'start vip#0', 'start vip#1']);
  });

  it('is held all along: no report of the restart says anything else', () => {
    const node = watched().pass(2000).forget();
    node.outcomes['vip#0'] = 'not-running';
    node.outcomes['stop vip#1'] = 'hold';
    node.outcomes['stop vip#0'] = 'hold';
    node.outcomes['start vip#0'] = 'hold';
    node.pass(1500);
    const letters = [node.letters];
    for (let step = 0; step < 4 && node.held.length > 0; step++) {
      node.result(node.held[0]!, 'done');
      letters.push(node.letters);
    }
    expect(letters).toEqual(['s-', 's-', 's-', 'r-']);
  });

  it('whose restart fails is stopped wholly and offered to the peer', () => {
    const node = watched().pass(2000).forget();
    node.outcomes['vip#1'] = 'not-running';
    node.outcomes['start vip#1'] = 'failed';
    node.pass(1500);
    expect(restartsOf(node)).toEqual(['stop vip#1', 'start vip#1', 'stop vip#1', 'stop vip#0']);
    expect(node.letters).toBe('x-');
  });

  it.each(['f', 'r'] as const)(
    'is not started again when the peer has said meanwhile that the group may run there (%s)',
    (letter) => {
      const node = watched().pass(2000).forget();
      node.outcomes['vip#1'] = 'not-running';
      node.outcomes['stop vip#1'] = 'hold';
      node.pass(1500);
      expect(restartsOf(node)).toEqual(['stop vip#1']);
      tell(node, { vip: letter });
      node.outcomes['stop vip#1'] = 'done';
      node.result(node.held[0]!, 'done');
      node.pass(5000);
      expect(restartsOf(node).filter((words) => words.startsWith('start'))).toEqual([]);
      expect(node.state.groups[0]!.lastFailure).toBe('the group may run on node2');
      expect(node.letters.charAt(0)).toBe('x');
    },
  );

  it('is given up after so many failures within the window, and the peer may take it', () => {
    const node = watched().pass(2000).forget();
    node.outcomes['vip#1'] = 'not-running';
    node.pass(20_000);
    expect(restartsOf(node)).toEqual([
      'stop vip#1',
      'start vip#1',
      'stop vip#1',
      'start vip#1',
      'stop vip#1',
      'stop vip#0',
    ]);
    expect(node.letters).toBe('x-');
    expect(node.alarms).toContain('monitor-gave-up vip');
  });

  it('that neither node can run is said to run nowhere, until it is cleaned up', () => {
    const node = watched().pass(2000);
    node.outcomes['vip#1'] = 'not-running';
    node.pass(20_000);
    tell(node, { vip: 'x' });
    expect(node.alarms).toContain('group-runs-nowhere vip');
    delete node.outcomes['vip#1'];
    node.command({ verb: 'cleanup', group: 'vip' });
    expect(node.alarms).toEqual([]);
    tell(node);
    expect(node.letters).toBe('r-');
  });

  it('goes on being restarted, but no more often, while there is nobody else who could run it', () => {
    const node = watched().pass(2000);
    node.silent().forget();
    node.outcomes['vip#1'] = 'not-running';
    node.pass(20_000);
    const starts = () => node.operations.filter((words) => words === 'start vip#1').length;
    expect(starts()).toBe(2);
    expect(node.alarms).toContain('monitor-nobody-else vip');
    expect(node.letters.charAt(0)).toBe('r');
    node.pass(120_000);
    expect(starts()).toBeGreaterThan(2);
    expect(starts()).toBeLessThanOrEqual(2 + 3 * 2);
    node.heard(true);
    tell(node, { vip: '-', web: '-' });
    node.pass(60_000);
    expect(node.letters.charAt(0)).toBe('x');
  });

  it('failed long ago is forgotten: the window counts', () => {
    const node = watched({ failureWindowMs: 5000 }).pass(2000);
    for (let time = 0; time < 6; time++) {
      node.outcomes['vip#1'] = 'not-running';
      node.pass(1100);
      node.outcomes['vip#1'] = 'running';
      node.pass(4000);
    }
    expect(node.letters).toBe('r-');
    expect(node.state.groups[0]!.monitor.restarts).toBe(6);
  });
});

describe('what is not a failure', () => {
  it.each(['unknown', 'timeout'] as const)('%s: logged once, nothing is done', (outcome) => {
    const node = watched().pass(2000).forget();
    node.outcomes['vip#1'] = outcome;
    node.pass(10_000);
    expect(restartsOf(node)).toEqual([]);
    expect(node.logged.filter((code) => code === 'status-unknown')).toHaveLength(1);
    node.outcomes['vip#1'] = 'running';
    node.pass(2000);
    expect(node.logged).toContain('status-known-again');
  });

  it('a script that says "stopped" right after its start: unreliable, said once, never acted upon', () => {
    const only = new LoneNode({ monitoring, groups: [{ ...vip, resources: [resourceOf('apache')] }] });
    only.boot().heard().says().says().pass(60_000);
    expect(only.letters).toBe('r');
    expect(only.logged.filter((code) => code === 'status-unreliable')).toHaveLength(1);
    expect(restartsOf(only)).toEqual(['start vip#0']);
  });

  it('an unreliable status that says "running" later is relied upon from then on', () => {
    const fresh = new LoneNode({ monitoring, groups: [{ ...vip, resources: [resourceOf('apache')] }] });
    let status: OperationOutcome = 'not-running';
    fresh.answer = ({ action }) => (action === 'status' ? status : 'done');
    fresh.boot().heard().says().says().pass(3000);
    status = 'running';
    fresh.pass(2000);
    expect(fresh.logged).toContain('status-reliable');
    status = 'not-running';
    fresh.forget().pass(1100);
    expect(restartsOf(fresh).slice(0, 2)).toEqual(['stop vip#0', 'start vip#0']);
  });

  it('one that comes too early: what has just been started is asked again before anything is done', () => {
    const node = watched().pass(2000).forget();
    node.outcomes['vip#1'] = 'not-running';
    node.pass(1000);
    expect(restartsOf(node)).toEqual(['stop vip#1', 'start vip#1']);
    expect(node.letters).toBe('r-');
    node.outcomes['vip#1'] = 'running';
    node.pass(10_000);
    expect(restartsOf(node)).toEqual(['stop vip#1', 'start vip#1']);
  });

  it('an answer to a question that was asked before the group moved', () => {
    const node = watched().pass(2000);
    node.outcomes['vip#1'] = 'hold';
    node.pass(1500);
    const late = node.held.find((operation) => wordsOf(operation) === 'status vip#1')!;
    node.command({ verb: 'standby', scope: 'all' }).asks('other', 'vip');
    expect(node.letters).toBe('o-');
    node.forget().result(late, 'not-running');
    expect(restartsOf(node)).toEqual([]);
  });

  it('any answer while this node is no member or stands still', () => {
    const node = watched().pass(2000);
    node.give({ type: 'stopRequested' });
    node.forget().pass(10);
    expect(node.operations.filter((words) => words.startsWith('status'))).toEqual([]);
  });
});

describe('a daemon that adopts', () => {
  const adopt = (statusSeenRunning: boolean): LoneNode => {
    const node = new LoneNode({ monitoring, groups: [{ ...vip, key: groupKey('vip'), owner: node1 }] });
    const inventory = inventoryOf(vip).map((entry) => ({ ...entry, statusSeenRunning }));
    node.answer = answering({ 'status vip#0': 'running' });
    node.boot({ adopted: true, inventory, lastBeatUs: node.nowUs - ms(10) });
    return node.heard().says().says();
  };

  it('believes at once a status that has been seen to work', () => {
    const node = adopt(true).forget().pass(1000);
    expect(restartsOf(node)).toEqual(['stop vip#1', 'start vip#1']);
    expect(node.evidence).toEqual(['vip#1 heldHere']);
  });

  it('but not one that has never said "running" to anybody', () => {
    const node = adopt(false).forget().pass(1000);
    expect(restartsOf(node)).toEqual([]);
    expect(node.logged).toContain('status-unreliable');
  });
});

/** The peer goes on beating, and has read everything. */
function tell(node: LoneNode, letters: Parameters<LoneNode['says']>[0] = {}): void {
  node.says(letters).says();
}
