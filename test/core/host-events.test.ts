import { describe, expect, it } from 'vitest';
import type { HostHello } from '../../src/core/agents.ts';
import { answering, emptyHello, inventoryOf, LoneNode, ms, resourceOf, vip, web } from './lone-node.ts';

/** A host that runs `vip`, and whose guardian watched until just now. */
const guarded = (node: LoneNode): Partial<HostHello> => ({
  adopted: true,
  inventory: inventoryOf(vip),
  lastBeatUs: node.nowUs - ms(50),
});

describe('boot', () => {
  it('asks of every address whether somebody left it here, and starts nothing before all answers are in', () => {
    const node = new LoneNode();
    node.answer = () => 'hold';
    node.boot().heard().says();
    expect(node.operations).toEqual(['status vip#0']);
    expect(node.stage).toBe('member');
    node.answer = () => 'done';
    node.result(node.held[0]!, 'not-running');
    expect(node.operations).toEqual(['status vip#0', 'start vip#0', 'start vip#1']);
  });

  it.each(['running', 'failed', 'timeout', 'unknown'] as const)(
    'stops the whole group when the answer for its address is %s',
    (outcome) => {
      const node = new LoneNode();
      node.answer = answering({ 'status vip#0': outcome });
      node.boot();
      expect(node.logged).toContain('found-running-at-boot');
      expect(node.operations).toEqual(['status vip#0', 'stop vip#1', 'stop vip#0']);
      expect(node.letters).toBe('--');
    },
  );

  it('adopts what a guarded host runs: nothing stops, nothing starts, nothing is asked', () => {
    const node = new LoneNode();
    node.boot(guarded(node)).heard().says();
    expect(node.letters).toBe('r-');
    expect(node.logged).toContain('group-adopted');
    expect(node.operations).toEqual([]);
  });

  it.each<[string, (node: LoneNode) => Partial<HostHello>]>([
    ['that nobody watched over', (node) => ({ ...guarded(node), lastBeatUs: 0 })],
    ['for longer than the deadtime', (node) => ({ ...guarded(node), lastBeatUs: node.nowUs - ms(300) - 1 })],
    ['whose guardian has acted', (node) => ({ ...guarded(node), guardianActed: true })],
  ])('releases the addresses first, then stops, what a host runs %s', (_, hello) => {
    const node = new LoneNode();
    node.boot(hello(node));
    expect(node.logged).toContain('found-running-at-boot');
    const order = node.effects.flatMap(({ type }) =>
      type === 'releaseAddresses' || type === 'operation' ? [type] : [],
    );
    expect(order).toEqual(['releaseAddresses', 'operation', 'operation']);
    expect(node.operations).toEqual(['stop vip#1', 'stop vip#0']);
    expect(node.letters).toBe('--');
  });

  it('stops everything when it is not known what an earlier host left running, before it starts anything', () => {
    const node = new LoneNode();
    node.boot({ inventoryLost: true });
    expect(node.logged).toContain('found-running-at-boot');
    expect(node.operations.filter((text) => text.startsWith('stop'))).toEqual([
      'stop vip#1',
      'stop web#0',
      'stop vip#0',
    ]);
    expect(node.letters).toBe('--');
  });

  it('does not adopt half a group, other resources, or what was in flight', () => {
    const whole = inventoryOf(vip);
    for (const inventory of [whole.slice(0, 1), [...whole, ...whole], inventoryOf(vip, 'unknown')]) {
      const node = new LoneNode();
      node.boot({ ...guarded(node), inventory });
      expect(node.operations).toEqual(['stop vip#1', 'stop vip#0']);
    }
    const other = whole.map((entry) => ({ ...entry, resource: resourceOf('other') })).slice(0, 1);
    const node = new LoneNode();
    node.boot({ ...guarded(node), inventory: other });
    // Also what haresources does not name any more: nobody else would stop it.
    expect(node.operations).toEqual(['stop vip#2', 'stop vip#1', 'stop vip#0']);
  });

  it('keeps a failed stop failed, whether the host or the disk remembers it (S9)', () => {
    const byHost = new LoneNode();
    byHost.boot({ ...guarded(byHost), inventory: inventoryOf(vip, 'stop-failed') });
    const byDisk = new LoneNode().boot({}, { stickyStopFailures: ['vip'] });
    for (const node of [byHost, byDisk]) {
      expect(node.pass(5000).letters.charAt(0)).toBe('f');
      expect(node.operations.filter((words) => words.includes('vip'))).toEqual([]);
    }
  });

  it('remembers that the peer could not stop a group, and a SPLIT that nobody has acknowledged', () => {
    const node = new LoneNode().boot({}, { stuckAtPeer: ['web'], splitGroups: ['vip'] });
    expect(node.state.split?.groups).toEqual(['vip']);
    expect(node.pass(1000).letters).toBe('r-');
    expect(node.command({ verb: 'cleanup', group: 'web' }).letters).toBe('rr');
    expect(node.persisted('stuck-at-peer.json')).toEqual(['{"groups":[]}']);
  });

  it('remembers what was taken on silence, of what it adopts', () => {
    const node = new LoneNode();
    node.boot(guarded(node), { takenOnSilence: ['vip', 'web', 'gone'] });
    expect(node.state.groups.map(({ marked }) => marked)).toEqual([true, false]);
    expect(node.persisted('taken-on-silence.json')).toEqual(['{"groups":["vip"]}']);
  });
});

describe('the agent host', () => {
  it('that loses an operation: the group may run, is stopped as a whole, and only then started anew', () => {
    const node = new LoneNode();
    node.answer = answering({ 'start vip#1': 'hold' });
    node.boot().heard().says().forget();
    node.answer = answering({});
    node.result(node.held[0]!, 'unknown');
    expect(node.operations).toEqual(['stop vip#1', 'stop vip#0', 'start vip#0', 'start vip#1']);
    expect(node.letters).toBe('r-');
  });

  it('lost before the answer is there: the group waits, unknown, for the next host', () => {
    const node = new LoneNode();
    node.answer = answering({ 'start vip#1': 'hold' });
    node.boot().heard().says().forget();
    node.give({ type: 'hostLost', reason: 'signal 9' });
    node.result(node.held[0]!, 'unknown');
    expect(node.letters).toBe('u-');
    expect(node.operations).toEqual([]);
    expect(node.alarms).toContain('host-lost');
    node.says({ web: 'o' });
    expect(node.operations).toEqual([]);
    node.answer = answering({});
    node.give({ type: 'hostReady', hello: { ...emptyHello, inventory: inventoryOf(vip, 'unknown') } });
    expect(node.operations.filter((words) => words.includes('vip')).slice(0, 3)).toEqual([
      'stop vip#1',
      'stop vip#0',
      'start vip#0',
    ]);
    expect(node.letters).toBe('rr');
    expect(node.alarms).not.toContain('host-lost');
  });

  it('back with what we know to run: nothing happens', () => {
    const node = LoneNode.settled();
    node.give({ type: 'hostLost', reason: 'gone' });
    for (const state of ['running', 'unknown'] as const)
      node.give({ type: 'hostReady', hello: { ...emptyHello, inventory: inventoryOf(vip, state) } });
    expect(node.operations).toEqual([]);
    expect(node.letters).toBe('r-');
  });

  it.each([
    ['nothing of what we know to run', []],
    ['a failed stop', inventoryOf(vip, 'stop-failed')],
    ['something that we did not start', [...inventoryOf(vip), ...inventoryOf(web)]],
  ])('back with %s: the group is stopped', (_, inventory) => {
    const node = LoneNode.settled();
    node.give({ type: 'hostReady', hello: { ...emptyHello, inventory } });
    const group = inventory.length > 2 ? 'web' : 'vip';
    expect(node.operations.filter((words) => words.startsWith('stop'))).toEqual(
      group === 'web' ? ['stop web#0'] : ['stop vip#1', 'stop vip#0'],
    );
  });

  it('whose guardian let everything go while it was away: the same as a pause', () => {
    const node = LoneNode.settled();
    node.give({ type: 'hostReady', hello: { ...emptyHello, guardianActed: true } });
    expect(node.stage).toBe('paused');
    expect(node.ofType('rejoin')).toHaveLength(1);
  });

  it('whose guardian acted: an alarm, addresses released, all stopped', () => {
    const node = LoneNode.settled();
    node.give({ type: 'guardianActed', inventory: inventoryOf(vip) });
    expect(node.alarms).toContain('guardian-acted');
    expect(node.logged).toContain('guardian-acted');
    expect(node.effects.findIndex(({ type }) => type === 'releaseAddresses')).toBe(0);
    expect(node.operations).toEqual(['stop vip#1', 'stop vip#0']);
  });
});

describe('an own pause', () => {
  const paused = (): LoneNode => {
    const node = LoneNode.settled();
    node.give({ type: 'ownPause', gapUs: ms(900) });
    return node;
  };

  it('releases addresses before anything else, stops the rest, then becomes a new incarnation', () => {
    const node = paused();
    const order = node.effects.flatMap((effect) =>
      effect.type === 'operation' || effect.type === 'releaseAddresses' || effect.type === 'rejoin'
        ? [effect.type]
        : [],
    );
    expect(order).toEqual(['releaseAddresses', 'operation', 'operation', 'rejoin']);
    expect(node.effects[0]?.type).toBe('releaseAddresses');
    const [release] = node.ofType('releaseAddresses');
    expect(release?.operations.map(({ resource }) => resource.written)).toEqual(['10.0.0.1']);
    expect(node.letters).toBe('--');
    expect(node.stage).toBe('paused');
  });

  it('believes nothing until the new generation is there, then only what is said to it', () => {
    const node = paused();
    node.heard().says({ web: 'o', vip: 'o' }).silent().pass(10_000);
    expect(node.operations.filter((words) => words.startsWith('start'))).toEqual([]);
    expect(node.ofType('rejoin')).toHaveLength(1);
    node.give({ type: 'rejoined', generation: 101 });
    expect(node.stage).toBe('joining');
    node.says({ web: 'r', vip: '-' }, { pbto: 100, ackGeneration: 100 });
    expect(node.stage).toBe('joining');
    node.says();
    expect(node.stage).toBe('member');
    expect(node.letters).toBe('r-');
  });

  it('gives the peer two deadtimes to be heard before it goes alone', () => {
    const node = paused();
    node.give({ type: 'rejoined', generation: 101 });
    expect(node.pass(599).letters).toBe('--');
    expect(node.pass(1).letters).toBe('rr');
  });

  it('waits with the new incarnation until all is stopped; what cannot be stopped does not hold it up', () => {
    const node = LoneNode.settled();
    node.answer = answering({ 'stop vip#1': 'hold' });
    node.give({ type: 'ownPause', gapUs: ms(900) });
    expect(node.ofType('rejoin')).toHaveLength(0);
    node.answer = answering({ 'stop vip#1': 'failed' });
    node.result(node.held[0]!, 'failed');
    node.pass(1000);
    expect(node.letters).toBe('f-');
    expect(node.ofType('rejoin')).toHaveLength(1);
  });

  it('ends a silence that was ours: the peer is taken for gone only after it was waited for', () => {
    const node = paused();
    node.give({ type: 'rejoined', generation: 101 });
    node.silent();
    expect(node.stage).toBe('joining');
    expect(node.letters).toBe('--');
  });

  it('also makes a peer that had said goodbye one that may have come back', () => {
    const node = LoneNode.settled().message({ fields: [{ name: 't', value: 'shutdone' }] });
    node.give({ type: 'ownPause', gapUs: ms(900) });
    node.give({ type: 'rejoined', generation: 101 });
    expect(node.letters).toBe('--');
  });
});

describe('what is found later', () => {
  it('an address that somebody else answers for is an alarm, and goes on running', () => {
    const node = LoneNode.settled();
    const conflict = {
      operationId: 1,
      group: vip.key,
      resource: vip.resources[0]!,
      hardwareAddress: '02:00:00:00:00:09',
    };
    node.give({ type: 'addressConflict', conflict });
    expect(node.alarms).toContain('address-shared vip');
    expect(node.logged).toEqual(['address-shared']);
    expect(node.letters).toBe('r-');
  });

  it('a disk that fails is an alarm until it works again', () => {
    const node = LoneNode.settled();
    node.give({ type: 'recordPersisted', recordId: 1, ok: false });
    expect(node.alarms).toContain('disk-failed');
    node.give({ type: 'recordPersisted', recordId: 2, ok: true });
    expect(node.alarms).toEqual([]);
  });

  it('a write that failed is made good a second later: a stale record would be believed by the next daemon', () => {
    const node = LoneNode.settled();
    const names = ['failed-stops.json', 'split.json', 'taken-on-silence.json', 'stuck-at-peer.json'];
    node.give({ type: 'recordPersisted', recordId: 1, ok: false });
    node.pass(999);
    expect(names.flatMap((name) => node.persisted(name))).toEqual([]);
    node.pass(1);
    expect(names.map((name) => node.persisted(name))).toEqual(names.map(() => ['{"groups":[]}']));
  });
});
