import { describe, expect, it } from 'vitest';
import { eth0, LoneNode, ms, node2 } from './lone-node.ts';

const boot = () => new LoneNode().boot();

describe('joining', () => {
  it('waits for a fresh report of a peer that is heard, however long it takes', () => {
    const node = boot().heard().pass(5000);
    expect(node.stage).toBe('joining');
    node.says({}, { pbto: 99 });
    node.says({}, { ackGeneration: 99 });
    expect(node.stage).toBe('joining');
    expect(node.says().stage).toBe('member');
    expect(node.logged).toContain('joined');
    expect(node.evidence).toEqual(['vip#0 peerConfirmedStopped', 'vip#1 peerConfirmedStopped']);
    expect(node.letters).toBe('r-');
  });

  it('goes alone after initdead and not before, and takes everything', () => {
    const node = boot().pass(599);
    expect(node.stage).toBe('joining');
    node.pass(1);
    expect(node.logged).toContain('joined-alone');
    expect(node.letters).toBe('rr');
    expect(new Set(node.evidence.map((words) => words.split(' ')[1]))).toEqual(new Set(['unprotected']));
  });

  it('waits on while a peer talks that does not hear us, and says so', () => {
    const node = boot();
    for (let passed = 0; passed < 2000; passed += 100) {
      node.give({ type: 'peerDoesNotHearUs', node: node2 });
      node.pass(100);
    }
    expect(node.stage).toBe('joining');
    expect(node.operations.filter((words) => words.startsWith('start'))).toEqual([]);
    expect(node.alarms).toContain('peer-does-not-hear-us');
    expect(node.pass(499).stage).toBe('joining');
    expect(node.pass(1).letters).toBe('rr');
  });

  it('forgets that alarm once the peer is heard, and is not made to wait by a peer that is known', () => {
    const node = boot();
    node.give({ type: 'peerDoesNotHearUs', node: node2 });
    expect(node.heard().alarms).not.toContain('peer-does-not-hear-us');
    node.give({ type: 'peerDoesNotHearUs', node: node2 });
    expect(node.alarms).not.toContain('peer-does-not-hear-us');
  });

  it('goes alone when the peer that was heard falls silent or says goodbye', () => {
    expect(boot().heard().silent().letters).toBe('rr');
    const node = boot()
      .heard()
      .message({ fields: [{ name: 't', value: 'shutdone' }] });
    expect(node.letters).toBe('rr');
    expect(new Set(node.evidence.map((words) => words.split(' ')[1]))).toEqual(new Set(['peerShutDown']));
  });
});

describe('silence', () => {
  it('is recorded with its times, and starts what the peer ran', () => {
    const node = LoneNode.settled();
    node.silent();
    expect(node.ofType('record').map(({ record }) => record)).toEqual([
      { kind: 'peerSilent', us: node.nowUs, node: node2, lastHeardUs: node.nowUs - ms(300) },
    ]);
    expect(node.logged).toContain('peer-silent');
    expect(node.evidence).toEqual(['web#0 unprotected']);
    expect(node.letters).toBe('rr');
  });

  it('declared on an older view of the links than is known by now counts for nothing', () => {
    const node = LoneNode.settled();
    node.give({
      type: 'peerSilent',
      node: node2,
      lastHeardUs: node.nowUs,
      deadtimeMs: 300,
      linkViewVersion: node.state.peer.linkViewVersion - 1,
    });
    expect(node.state.peer.presence).toBe('up');
    expect(node.letters).toBe('r-');
  });

  it('of a peer that had said goodbye is no news', () => {
    const node = LoneNode.settled().message({ fields: [{ name: 't', value: 'shutdone' }] });
    node.forget().silent();
    expect(node.state.peer.presence).toBe('left');
    expect(node.logged).toEqual([]);
  });

  it('leaves nothing of what the peer still says afterwards, before it is heard again', () => {
    const node = LoneNode.settled().silent().forget();
    node.says({ web: 'r' });
    expect(node.state.peer.presence).toBe('silent');
    expect(node.logged).toEqual([]);
  });
});

describe('a peer that is heard again', () => {
  it('in the same life must report anew before its letters count', () => {
    const node = LoneNode.settled();
    node.heard(true);
    expect(node.state.peer.fresh).toBe(false);
    expect(node.logged).toContain('peer-returned');
    expect(node.operations).toEqual(['announce vip#0']);
    node.says();
    expect(node.state.peer.fresh).toBe(true);
  });

  it('in a new life has said nothing yet', () => {
    const node = LoneNode.settled().peerRestarts().heard();
    expect(node.state.peer.report).toBeUndefined();
    expect(node.logged).toContain('peer-heard');
    // Of its earlier life, still on the way.
    node.peerGeneration--;
    node.says({ web: 'o' });
    expect(node.state.peer.report).toBeUndefined();
  });
});

describe('reports', () => {
  it('that were overtaken are not read: neither an older version nor an older acknowledgement', () => {
    const node = LoneNode.settled();
    const { version, ack } = node.state.peer.report!;
    node.says({ web: 'o' }, { version: version - 1 });
    node.says({ web: 'o' }, { ack: ack - 1 });
    expect(node.letters).toBe('r-');
    expect(node.says({ web: 'o' }).letters).toBe('rr');
  });

  it('tell when the peer begins to leave, once', () => {
    const node = LoneNode.settled().says({}, { stage: 'leaving' }).says({}, { stage: 'leaving' });
    expect(node.logged.filter((code) => code === 'peer-leaving')).toHaveLength(1);
    expect(node.ofType('record').map(({ record }) => record.kind)).toEqual(['handoverRequested']);
  });

  it('carry the deadtime and the configuration that the peer has', () => {
    const node = LoneNode.settled().says({}, { fields: { dt: '7d0', pbdig: 'abc' } });
    expect(node.state.peer.deadtimeMs).toBe(2000);
    expect(node.state.peer.configurationDigest).toBe('abc');
    expect(node.says({}, { fields: { dt: '0' } }).state.peer.deadtimeMs).toBe(2000);
  });
});

describe('a peer with another configuration', () => {
  it('is an alarm as long as it lasts, logged once', () => {
    const other = { fields: { pbdig: 'ffff' } };
    const node = LoneNode.settled().says({}, other).says({}, other).says({}, other);
    expect(node.logged.filter((code) => code === 'configuration-differs')).toHaveLength(1);
    expect(node.alarms).toEqual(['configuration-differs']);
    const same = { fields: { pbdig: '0123456789abcdef' } };
    expect(node.says({}, same).says({}, same).alarms).toEqual([]);
  });
});

describe('links', () => {
  it('are logged when they die and when they come back; a late keepalive is the transport’s to log', () => {
    const node = LoneNode.settled();
    node.give({ type: 'linkState', node: node2, link: eth0, up: false });
    node.give({ type: 'linkState', node: node2, link: eth0, up: true });
    node.give({ type: 'lateHeartbeat', node: node2, intervalMs: 250 });
    expect(node.logged).toEqual(['link-dead', 'link-up']);
  });
});

describe('the node machine', () => {
  it('insists that time runs forward', () => {
    const node = LoneNode.settled();
    node.nowUs -= 1;
    expect(() => node.pass(0).says()).toThrow('time runs forward');
  });
});
