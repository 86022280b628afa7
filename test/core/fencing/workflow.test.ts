/** Fencing between two whole engines: who is fenced, when, and what may be started on it. */
import { describe, expect, it } from 'vitest';
import { healthOf } from '../../../src/core/fencing/devices.ts';
import type { FencingSettings } from '../../../src/core/fencing/settings.ts';
import { protectionOf } from '../../../src/core/protection.ts';
import { wordsOf } from '../../../src/protocol/catalogue.ts';
import { LoneNode } from '../lone-node.ts';
import { evidenceOf, fencing, hasLogged, lastProof, type Pair, pairWith } from './fenced-pair.ts';

const twoDevices: FencingSettings = {
  ...fencing,
  devices: [
    { name: 'ipmi', type: 'external/ipmi' },
    { name: 'pdu', type: 'fence_apc' },
  ],
};

const starts = (pair: Pair): string[] => pair.deeds.filter((deed) => deed.includes(' start '));
const fences = (pair: Pair): string[] => pair.deeds.filter((deed) => deed.includes(' fence '));

describe('a peer that falls silent', () => {
  it('is fenced before anything of it is started', () => {
    const pair = pairWith();
    pair.crash('node2').run(1000);
    expect(pair.deeds).toEqual(['node1 fence node2 with ipmi', 'node1 start web#0']);
    expect(evidenceOf(pair, 'node1', 'web')).toMatchObject({ kind: 'peerFenced', device: 'ipmi', action: 'reset' });
    expect(pair.letters.slice(0, 2)).toBe('rr');
  });

  it('is fenced even where it held nothing: it is about to do the same to us', () => {
    const pair = pairWith();
    pair.command('node2', { verb: 'standby', scope: 'all' }).run(500);
    pair.story.length = 0;
    pair.crash('node2').run(1000);
    expect(pair.deeds).toEqual(['node1 fence node2 with ipmi']);
  });

  it('is not fenced when it has said goodbye', () => {
    const pair = pairWith();
    pair.tell('node2', { type: 'stopRequested' }).run(2000);
    expect(fences(pair)).toEqual([]);
    expect(starts(pair)).toEqual(['node1 start web#0']);
  });

  it('is not fenced any more when it is heard again before the first attempt', () => {
    const pair = pairWith({ delayMs: 500 });
    pair.network = () => false;
    pair.run(400);
    pair.network = () => true;
    pair.run(2000);
    // node1 struck at once; the answer of the device below would have killed node2.
    expect(fences(pair)).toEqual(['node1 fence node2 with ipmi']);
  });
});

describe.each(['failed', 'unknown', 'never'] as const)('a device whose answer is "%s"', (says) => {
  it('permits nothing, is asked again later and later, and once it works the takeover needs no operator (L6, S8)', () => {
    const pair = pairWith({ timeoutMs: 1000 });
    pair.device = () => ({ kills: true, says, afterMs: 20 });
    pair.crash('node2').run(40_000);
    expect(starts(pair)).toEqual([]);
    const attempts = fences(pair).length;
    expect(attempts).toBeGreaterThan(3);
    expect(attempts).toBeLessThan(9);
    expect(pair.members.node1.engine.node.alarms.has('fencing-failed')).toBe(true);
    pair.device = () => ({ kills: true, says: 'confirmed', afterMs: 20 });
    pair.run(40_000);
    expect(starts(pair)).toEqual(['node1 start web#0']);
    expect(pair.members.node1.engine.node.alarms.has('fencing-failed')).toBe(false);
  });
});

describe('several devices', () => {
  it('are tried one after the other without a pause, then again after one', () => {
    const pair = pairWith(twoDevices);
    pair.device = () => ({ kills: false, says: 'failed', afterMs: 20 });
    pair.crash('node2').run(2000);
    expect(fences(pair).map((deed) => deed.split(' ').at(-1))).toEqual(['ipmi', 'pdu', 'ipmi', 'pdu']);
  });

  it('one success is enough', () => {
    const pair = pairWith(twoDevices);
    pair.device = (_node, { device }) => ({
      kills: true,
      says: device === 'pdu' ? 'confirmed' : 'failed',
      afterMs: 20,
    });
    pair.crash('node2').run(1000);
    expect(evidenceOf(pair, 'node1', 'web')).toMatchObject({ kind: 'peerFenced', device: 'pdu' });
  });
});

describe('no device of this node reaches the peer', () => {
  it('nothing is started before an operator has confirmed that it is off', () => {
    const pair = pairWith({ devices: [] });
    pair.crash('node2').run(5000);
    expect(starts(pair)).toEqual([]);
    expect(pair.members.node1.engine.node.alarms.has('fencing-no-device')).toBe(true);
    pair.command('node1', { verb: 'confirmOff', node: 'node2' }).run(500);
    expect(starts(pair)).toEqual(['node1 start web#0']);
    expect(evidenceOf(pair, 'node1', 'web')).toEqual({ kind: 'operator', who: 'root' });
  });
});

describe('a partition', () => {
  const cut = (pair: Pair): Pair => {
    pair.network = () => false;
    return pair;
  };

  it('is survived by the node that held more; the other one, which struck later, is dead by then (S5)', () => {
    const pair = pairWith({ delayMs: 200 });
    pair.command('node1', { verb: 'standby', scope: 'all' }).run(500);
    pair.story.length = 0;
    cut(pair).run(2000);
    expect(pair.deeds).toEqual(['node2 fence node1 with ipmi']);
    expect([...pair.ranTwice]).toEqual([]);
  });

  it('with equal holdings the lower name strikes first', () => {
    const pair = pairWith({ delayMs: 200 });
    cut(pair).run(2000);
    expect(fences(pair)).toEqual(['node1 fence node2 with ipmi']);
    expect(pair.letters.slice(0, 2)).toBe('rr');
  });

  it('kills both where nobody waits', () => {
    const pair = pairWith({ delayMs: 0 });
    cut(pair).run(2000);
    expect(fences(pair)).toHaveLength(2);
    expect(pair.members.node1.alive || pair.members.node2.alive).toBe(false);
  });

  it('that comes back while the device still works on the first one is not waited for longer than it does', () => {
    const pair = pairWith({ delayMs: 60_000 });
    pair.device = () => ({ kills: false, says: 'failed', afterMs: 1200 });
    cut(pair).run(400);
    pair.network = () => true;
    pair.run(300);
    cut(pair).run(2000);
    const struck = pair.story.filter((line) => line.includes('fence')).map((line) => Number(line.split(' ')[0]));
    expect(struck[1]! - struck[0]!).toBeLessThan(1300);
  });

  it('that ends while the device works: its success counts for nothing, the peer is there', () => {
    const pair = pairWith({ delayMs: 5000 });
    pair.device = () => ({ kills: false, says: 'confirmed', afterMs: 1000 });
    cut(pair).run(600);
    pair.network = () => true;
    pair.run(3000);
    expect(starts(pair)).toEqual([]);
    expect(hasLogged(pair, 'node1', 'fence-late-result')).toBe(true);
    expect(pair.letters).toBe('r- -r');
  });
});

describe('a device that lies (F10)', () => {
  it('the node that it should have killed lets go as soon as it hears of it, and comes back as a new incarnation', () => {
    const pair = pairWith({ delayMs: 5000 });
    pair.device = () => ({ kills: false, says: 'confirmed', afterMs: 20 });
    pair.network = () => false;
    pair.run(1500);
    expect([...pair.ranTwice]).toEqual(['web#0']);
    pair.network = () => true;
    pair.run(200);
    expect(hasLogged(pair, 'node2', 'fenced-but-alive')).toBe(true);
    expect(hasLogged(pair, 'node1', 'fenced-peer-heard')).toBe(true);
    pair.run(3000);
    expect(pair.members.node2.generation).toBe(101);
    expect(pair.letters).toBe('rr --');
  });

  it('also one that held nothing hears of it, although nothing moved here', () => {
    const pair = pairWith({ delayMs: 5000 });
    pair.command('node2', { verb: 'standby', scope: 'all' }).run(500);
    pair.device = () => ({ kills: false, says: 'confirmed', afterMs: 20 });
    pair.network = () => false;
    pair.run(1500);
    pair.network = () => true;
    pair.run(3000);
    expect(hasLogged(pair, 'node2', 'fenced-but-alive')).toBe(true);
    expect(pair.members.node1.engine.node.peer.presence).toBe('up');
  });

  it('a machine that replaces the fenced one is heard, whatever its generation', () => {
    const pair = pairWith();
    pair.crash('node2').run(1000);
    const { node } = pair.members.node1.engine;
    const { linkViewVersion } = node.peer;
    const uuid = '33'.repeat(16);
    const peer = node.options.peer;
    pair.tell('node1', { type: 'peerHeard', node: peer, uuid, generation: 7, returning: false, linkViewVersion });
    expect(node.peer.presence).toBe('up');
    expect(node.fencing.proof).toBeUndefined();
  });

  it('late packets of a peer that is really off change nothing', () => {
    const pair = pairWith();
    pair.crash('node2').run(1000);
    const { node } = pair.members.node1.engine;
    const { generation, uuid, linkViewVersion } = node.peer;
    pair.tell('node1', {
      type: 'peerHeard',
      node: node.options.peer,
      uuid,
      generation,
      returning: true,
      linkViewVersion: linkViewVersion + 1,
    });
    expect(node.peer.presence).toBe('silent');
    expect(node.alarms.has('fenced-peer-heard')).toBe(true);
  });
});

describe('after a boot (S7)', () => {
  it('a node that never sees its peer neither fences nor starts', () => {
    const pair = pairWith({}, 'off').boot('node1').run(60_000);
    expect(pair.deeds).toEqual([]);
    expect(pair.members.node1.engine.node.alarms.has('waiting-for-peer')).toBe(true);
  });

  it('it goes on as soon as the peer is there', () => {
    const pair = pairWith({}, 'off').boot('node1').run(60_000);
    pair.boot('node2').run(1000);
    expect(pair.letters).toBe('r- -r');
    expect(fences(pair)).toEqual([]);
  });

  it('an operator who has looked ends the waiting, even before initdead', () => {
    const pair = pairWith({}, 'off').boot('node1').run(100);
    pair.command('node1', { verb: 'confirmOff', node: 'node2' }).run(200);
    expect(pair.letters.slice(0, 2)).toBe('rr');
  });

  it('with wait_for_all off it fences first', () => {
    const pair = pairWith({ waitForAll: false }, 'off').boot('node1').run(2000);
    expect(pair.deeds.filter((deed) => !deed.includes('#1'))).toEqual([
      'node1 fence node2 with ipmi',
      'node1 start vip#0',
      'node1 start web#0',
    ]);
  });

  it('a daemon that is restarted beside a fenced peer still knows, and does not fence again', () => {
    const pair = pairWith();
    pair.crash('node2').run(1000);
    const proof = lastProof(pair, 'node1');
    pair.story.length = 0;
    pair.restartDaemon('node1', {}, proof).run(2000);
    expect(fences(pair)).toEqual([]);
    expect(pair.letters.slice(0, 2)).toBe('rr');
  });

  it.each([
    ['was stopped or down for longer than its deadtime', { adopted: false, inventory: [], lastBeatUs: 0 }],
    ['whose guardian had to let go', { adopted: false, inventory: [], guardianActed: true }],
  ])(
    'a daemon that %s fences again: the peer may have come back and been told, truly, that nothing runs here',
    (_, hello) => {
      const pair = pairWith();
      pair.crash('node2').run(1000);
      const proof = lastProof(pair, 'node1');
      pair.story.length = 0;
      pair.members.node1.running.clear();
      pair.restartDaemon('node1', hello, proof).run(300);
      expect(pair.deeds.filter((deed) => deed.includes('start'))).toEqual([]);
      pair.run(3000);
      expect(pair.deeds.filter((deed) => /fence|start web/.test(deed))).toEqual([
        'node1 fence node2 with ipmi',
        'node1 start web#0',
      ]);
    },
  );
});

describe('the proof', () => {
  it('waits for the disk, but not for long: a hung disk does not forbid a proven takeover', () => {
    const quick = pairWith();
    quick.diskMs = 50;
    const slow = pairWith();
    slow.diskMs = 60_000;
    for (const pair of [quick, slow]) pair.crash('node2').run(1500);
    const startedAt = (pair: Pair): number => Number(pair.story.find((line) => line.includes('start'))!.split(' ')[0]);
    expect(startedAt(slow) - startedAt(quick)).toBe(450);
  });

  it('is void once the peer is heard in a new incarnation', () => {
    const pair = pairWith();
    pair.crash('node2').run(1000);
    expect(lastProof(pair, 'node1')).toMatchObject({ by: 'device', name: 'ipmi', peerGeneration: 100 });
    pair.restartDaemon('node2').run(2000);
    expect(lastProof(pair, 'node1')).toBeUndefined();
    pair.story.length = 0;
    pair.crash('node2').run(1000);
    expect(fences(pair)).toEqual(['node1 fence node2 with ipmi']);
  });

  it('ends with an own pause: the peer may have come back while this node stood still', () => {
    const pair = pairWith();
    pair.crash('node2').run(1000);
    pair.tell('node1', { type: 'ownPause', gapUs: 1_000_000 }).run(100);
    expect(pair.members.node1.engine.node.fencing.proof).toBeUndefined();
    pair.run(3000);
    expect(fences(pair)).toHaveLength(2);
  });

  it('frees what the peer could not stop (S9)', () => {
    const pair = pairWith();
    pair.outcome = (node, { action }) => (action === 'stop' && node === 'node2' ? 'failed' : 'done');
    pair.command('node2', { verb: 'standby', scope: 'all' }).run(2000);
    expect(pair.letters).toBe('r- -f');
    pair.crash('node2').run(1000);
    expect(evidenceOf(pair, 'node1', 'web')).toMatchObject({ kind: 'peerFenced' });
  });
});

describe('the operator', () => {
  it.each([
    ['of another node', 'node3', 'confirm-off-not-the-peer'],
    ['of a peer in contact', 'node2', 'confirm-off-peer-is-there'],
  ])('is refused when he speaks %s', (_what, node, code) => {
    const pair = pairWith();
    pair.command('node1', { verb: 'confirmOff', node });
    expect(pair.members.node1.replies).toContain(`1 ${code} final`);
  });

  it('is told that it is not needed while the answer of a device is being written down', () => {
    const pair = pairWith();
    pair.device = () => ({ kills: true, says: 'confirmed', afterMs: 20 });
    pair.diskMs = 300;
    pair.crash('node2').run(400);
    pair.command('node1', { verb: 'confirmOff', node: 'node2' });
    expect(pair.members.node1.replies).toContain('1 confirm-off-not-needed final');
  });

  it('who was wrong is not told to the peer as a fact, and the one that had it keeps it', () => {
    const pair = pairWith({ devices: [] });
    pair.network = () => false;
    pair.run(1000);
    pair.command('node1', { verb: 'confirmOff', node: 'node2' }).run(500);
    pair.network = () => true;
    pair.run(3000);
    expect(hasLogged(pair, 'node2', 'fenced-but-alive')).toBe(false);
    expect(pair.letters).toBe('r- -r');
  });
});

describe('the protection that status names', () => {
  const word = (pair: Pair): string => {
    const { state, code } = protectionOf(pair.members.node1.engine.node);
    expect(wordsOf(code)).toBeDefined();
    return `${state} ${code}`;
  };

  it('is PROTECTED while a device works, and says what is missing otherwise', () => {
    expect(word(pairWith())).toBe('PROTECTED protection-fenced');
    expect(word(pairWith({ devices: [] }))).toBe('CANNOT FAIL OVER protection-no-fence-device');
    const failing = pairWith();
    failing.tell('node1', { type: 'fenceDeviceProbed', device: 'ipmi', ok: false, detail: 'no route' });
    expect(word(failing)).toBe('CANNOT FAIL OVER protection-fence-device-failing');
    failing.tell('node1', { type: 'fenceDeviceProbed', device: 'ipmi', ok: true, detail: '' });
    expect(word(failing)).toBe('PROTECTED protection-fenced');
  });

  it('an attempt says as much of a device as a question does', () => {
    const pair = pairWith();
    pair.device = () => ({ kills: true, says: 'failed', afterMs: 20 });
    pair.crash('node2').run(500);
    expect(word(pair)).toBe('CANNOT FAIL OVER protection-fence-device-failing');
    pair.device = () => ({ kills: true, says: 'confirmed', afterMs: 20 });
    pair.run(2000);
    expect(healthOf(pair.members.node1.engine.node, 'ipmi').state).toBe('ok');
    expect(pair.members.node1.engine.node.alarms.has('fence-device-failing ipmi')).toBe(false);
  });

  it('follows a takeover from the silence to the proof', () => {
    const pair = pairWith();
    pair.device = () => ({ kills: true, says: 'confirmed', afterMs: 500 });
    pair.crash('node2').run(400);
    expect(word(pair)).toBe('CANNOT FAIL OVER protection-fencing');
    pair.run(1000);
    expect(word(pair)).toBe('CANNOT FAIL OVER protection-peer-fenced');
  });

  it('after a boot alone says whom it waits for', () => {
    expect(word(pairWith({}, 'off').boot('node1').run(2000))).toBe('CANNOT FAIL OVER protection-waiting-for-peer');
  });
});

it('devices are asked at boot and again after the interval, one that fails every minute', () => {
  const node = new LoneNode({ fencing: { ...fencing, probeIntervalMs: 3_600_000 } }).boot();
  const probes = (): number => node.effects.filter(({ type }) => type === 'probeFenceDevice').length;
  expect(probes()).toBe(1);
  node.give({ type: 'fenceDeviceProbed', device: 'ipmi', ok: false, detail: 'no route' });
  node.pass(61_000);
  expect(probes()).toBe(2);
  node.give({ type: 'fenceDeviceProbed', device: 'ipmi', ok: true, detail: '' });
  node.pass(3_500_000);
  expect(probes()).toBe(2);
  node.pass(100_000);
  expect(probes()).toBe(3);
});
