import { describe, expect, it } from 'vitest';
import { engineDeadline, isUrgent, stepEngine, stepTimers } from '../../src/core/engine.ts';
import { ms } from './lone-node.ts';
import { type Name, TwoNodes } from './two-nodes.ts';

const standby = { verb: 'standby', scope: 'all' } as const;
const takeover = { verb: 'takeover', scope: 'all' } as const;
const bothLinksDead = () => false;

describe('two nodes', () => {
  it('that boot together start what each owns, without waiting for initdead', () => {
    const pair = new TwoNodes().boot('node1', 'node2').run(200);
    expect(pair.letters).toBe('r- -r');
    expect(pair.deeds.sort()).toEqual(['node1 start vip#0', 'node1 start vip#1', 'node2 start web#0']);
    expect(pair.run(10_000).deeds).toHaveLength(3);
  });

  it('of which one boots alone wait initdead; the one that comes later gets nothing back by itself', () => {
    const pair = new TwoNodes().boot('node1').run(599);
    expect(pair.deeds).toEqual([]);
    expect(pair.run(100).letters).toBe('rr --');
    expect(pair.boot('node2').run(3000).letters).toBe('rr --');
    expect(pair.ranTwice.size).toBe(0);
  });

  it('move nothing as long as they hear each other now and then, whatever is lost in between', () => {
    const pair = TwoNodes.settled();
    let lost = 0;
    pair.network = () => {
      const arrives = Math.trunc(pair.nowUs / ms(150)) % 2 === 0;
      if (!arrives) lost++;
      return arrives;
    };
    expect(pair.run(60_000).letters).toBe('r- -r');
    expect(pair.deeds).toEqual([]);
    expect(lost).toBeGreaterThan(300);
  });
});

describe('a handover', () => {
  it('moves groups on standby: stop there, then start here, and answers when it is done', () => {
    const pair = TwoNodes.settled().command('node1', standby).run(100);
    expect(pair.deeds).toEqual(['node1 stop vip#1', 'node1 stop vip#0', 'node2 start vip#0', 'node2 start vip#1']);
    expect(pair.letters).toBe('-- rr');
    expect(pair.members.node1.replies).toEqual(['1 ok', '1 ok final']);
    expect(pair.run(10_000).letters).toBe('-- rr');
  });

  it('moves groups on takeover, asked for on the other side', () => {
    const pair = TwoNodes.settled().command('node1', takeover).run(100);
    expect(pair.letters).toBe('rr --');
    expect(pair.members.node1.replies).toEqual(['1 ok', '1 ok final']);
    expect(pair.ranTwice.size).toBe(0);
  });

  it('takes no longer than its stops and starts, however many packets are lost', () => {
    const pair = TwoNodes.settled();
    const sent = { node1: 0, node2: 0 };
    pair.network = (from) => sent[from]++ % 3 !== 0;
    expect(pair.command('node1', standby).run(2000).letters).toBe('-- rr');
    expect(pair.ranTwice.size).toBe(0);
  });

  it('asked for on both nodes at once: the lower name’s goes on, the other is told', () => {
    const pair = TwoNodes.settled();
    pair.command('node1', standby, 1).command('node2', standby, 2).run(200);
    expect(pair.letters).toBe('-- rr');
    expect(pair.members.node1.replies).toEqual(['1 ok', '1 ok final']);
    expect(pair.members.node2.replies).toEqual(['2 ok', '2 peer-asked-first final']);
  });

  it('to a node that cannot start the group ends with the group back at home', () => {
    const pair = TwoNodes.settled();
    pair.outcome = (name, { action }) => (name === 'node2' && action === 'start' ? 'failed' : 'done');
    pair.command('node1', standby).run(300);
    expect(pair.letters).toBe('r- xr');
    expect(pair.members.node1.replies).toEqual(['1 ok', '1 peer-could-not-start final']);
    expect(pair.ranTwice.size).toBe(0);
  });
});

describe('a start that fails', () => {
  it('moves the group to the other node', () => {
    const pair = new TwoNodes();
    pair.outcome = (name, { action, group }) =>
      action === 'status'
        ? 'not-running'
        : name === 'node1' && action === 'start' && group === 'vip'
          ? 'failed'
          : 'done';
    pair.boot('node1', 'node2').run(1000);
    expect(pair.letters).toBe('x- rr');
    expect(pair.ranTwice.size).toBe(0);
  });

  it('on both nodes ends quietly: nobody tries again, and nothing more is said of it', () => {
    const pair = new TwoNodes();
    pair.outcome = (_, { action, group }) =>
      action === 'status' ? 'not-running' : action === 'start' && group === 'vip' ? 'failed' : 'done';
    pair.boot('node1', 'node2').run(1000);
    expect(pair.letters).toBe('x- xr');
    const { length } = pair.story;
    const logged = pair.members.node1.log.length + pair.members.node2.log.length;
    pair.run(60_000);
    expect(pair.story).toHaveLength(length);
    expect(pair.members.node1.log.length + pair.members.node2.log.length).toBe(logged);
  });
});

describe('a node that dies', () => {
  it('is replaced after its deadtime, in the order of the group, without waiting for anything else', () => {
    const pair = TwoNodes.settled();
    const beganMs = pair.nowUs / 1000;
    pair.crash('node1').run(1000);
    expect(pair.letters.split(' ')[1]).toBe('rr');
    expect(pair.deeds).toEqual(['node2 start vip#0', 'node2 start vip#1']);
    const startedMs = Number(pair.story[0]!.split(' ')[0]) - beganMs;
    expect(startedMs).toBeGreaterThan(200);
    expect(startedMs).toBeLessThanOrEqual(301);
  });

  it('and comes back gets its own groups back once with auto_failback, and keeps none without', () => {
    for (const autoFailback of [true, false]) {
      const pair = TwoNodes.settled({ autoFailback }).crash('node1').run(1000);
      pair.restartDaemon('node1').run(2000);
      expect(pair.letters).toBe(autoFailback ? 'r- -r' : '-- rr');
      expect(pair.ranTwice.size).toBe(0);
      pair.story.length = 0;
      expect(pair.run(30_000).deeds).toEqual([]);
    }
  });

  it('only as a daemon, and is back within the deadtime, has lost nothing', () => {
    const pair = TwoNodes.settled();
    pair.members.node1.alive = false;
    pair.run(150);
    pair.restartDaemon('node1').run(2000);
    expect(pair.letters).toBe('r- -r');
    expect(pair.deeds).toEqual([]);
  });
});

describe('a graceful stop', () => {
  it('hands each group over as it stops, and says goodbye after the last', () => {
    const pair = TwoNodes.settled({}).command('node1', takeover).run(200);
    pair.story.length = 0;
    pair.durationMs = (_, { action, group }) => (action === 'stop' && group === 'vip' ? 100 : 5);
    pair.tell('node1', { type: 'stopRequested' }).run(1000);
    expect(pair.deeds).toEqual([
      'node1 stop vip#1',
      'node1 stop web#0',
      'node2 start web#0',
      'node1 stop vip#0',
      'node2 start vip#0',
      'node2 start vip#1',
    ]);
    expect(pair.members.node1.alive).toBe(false);
    expect(pair.members.node2.log).toContain('peer-left');
    expect(pair.ranTwice.size).toBe(0);
  });

  it('with a stop that fails keeps the node here, and the group off the other node, for good', () => {
    const pair = TwoNodes.settled();
    pair.outcome = (_, { action, group }) => (action === 'stop' && group === 'vip' ? 'failed' : 'done');
    pair.tell('node1', { type: 'stopRequested' }).run(60_000);
    expect(pair.letters).toBe('fo -r');
    expect(pair.members.node1.alive).toBe(true);
    expect(pair.deeds.filter((words) => words.startsWith('node2'))).toEqual([]);
    pair.crash('node1').run(60_000);
    expect(pair.deeds.filter((words) => words.startsWith('node2'))).toEqual([]);
    pair.command('node2', { verb: 'cleanup', group: 'vip' }).run(100);
    expect(pair.deeds.filter((words) => words.startsWith('node2'))).toEqual(['node2 start vip#0', 'node2 start vip#1']);
  });
});

describe('an own pause', () => {
  it('is noticed by whatever event comes first: addresses released, then all stopped, then a new life', () => {
    const pair = TwoNodes.settled();
    const { engine } = pair.members.node1;
    const nowUs = pair.nowUs + ms(900);
    const command = { type: 'command', nowUs, requestId: 1, command: standby, who: 'root' } as const;
    const effects = stepEngine(engine, { to: 'node', event: command }, nowUs);
    const deeds = effects.filter(({ type }) => ['releaseAddresses', 'operation', 'reply'].includes(type));
    expect(deeds.map(({ type }) => type)).toEqual(['releaseAddresses', 'operation', 'reply']);
    expect(deeds.at(-1)).toMatchObject({ ok: false, problem: { code: 'not-a-member' } });
  });

  it('while the other has taken over ends with one owner, uninterrupted there', () => {
    const pair = TwoNodes.settled();
    const { node1 } = pair.members;
    node1.alive = false;
    pair.run(900);
    expect(pair.letters.split(' ')[1]).toBe('rr');
    node1.alive = true;
    pair.story.length = 0;
    pair.run(3000);
    expect(pair.letters).toBe('-- rr');
    expect(node1.generation).toBe(101);
    expect(pair.deeds.slice(0, 1)).toEqual(['node1 release vip#0']);
    expect(pair.deeds.filter((words) => words.startsWith('node1 start'))).toEqual([]);
    expect(pair.deeds.filter((words) => words.startsWith('node2 stop'))).toEqual([]);
  });
});

describe('a split', () => {
  const split = (): TwoNodes => {
    const pair = TwoNodes.settled();
    pair.network = bothLinksDead;
    pair.run(2000);
    expect(pair.letters).toBe('rr rr');
    pair.story.length = 0;
    return pair;
  };

  it('heals with each group where it was before, never stopped there', () => {
    const pair = split();
    pair.network = () => true;
    pair.run(3000);
    expect(pair.letters).toBe('r- -r');
    const endings = (name: Name) => pair.deeds.filter((words) => words.startsWith(name) && /stop|release/.test(words));
    expect(endings('node1')).toEqual(['node1 stop web#0']);
    expect(endings('node2')).toEqual(['node2 release vip#0', 'node2 stop vip#1', 'node2 stop vip#0']);
    expect(pair.deeds).toContain('node1 announce vip#0');
    expect(pair.run(30_000).letters).toBe('r- -r');
  });

  it.each<Name>(['node1', 'node2'])(
    'in one direction only (%s is not heard) ends with one owner of each group',
    (mute) => {
      const pair = TwoNodes.settled();
      pair.network = (from) => from !== mute;
      pair.run(5000);
      const [left, right] = pair.letters.split(' ') as [string, string];
      for (const index of [0, 1])
        expect([left.charAt(index), right.charAt(index)].filter((letter) => letter === 'r')).toHaveLength(1);
      pair.network = () => true;
      pair.run(5000);
      const running = [...pair.members.node1.running, ...pair.members.node2.running].sort();
      expect(running).toEqual(['vip#0', 'vip#1', 'web#0']);
    },
  );
});

describe('a node that boots behind a link that works one way only', () => {
  it('waits as long as the other talks to its earlier life', () => {
    const pair = TwoNodes.settled().crash('node1').run(1000);
    pair.network = (from) => from !== 'node1';
    pair.restartDaemon('node1').run(5000);
    expect(pair.stage('node1')).toBe('joining');
    expect(pair.deeds.filter((words) => words.startsWith('node1'))).toEqual([]);
    pair.network = () => true;
    pair.run(1000);
    expect(pair.stage('node1')).toBe('member');
    expect(pair.ranTwice.size).toBe(0);
  });
});

describe('deadlines', () => {
  it('are the earlier of the two machines’, and a timer event before them does nothing', () => {
    const { engine } = TwoNodes.settled().members.node1;
    const dueUs = engineDeadline(engine)!;
    expect(dueUs).toBe(engine.transport.nextKeepaliveUs);
    expect(stepTimers(engine, dueUs - 1)).toEqual([]);
    expect(stepTimers(engine, dueUs).some(({ type }) => type === 'keepaliveSent')).toBe(true);
  });

  it('are urgent when they are not the next keepalive', () => {
    const { engine } = TwoNodes.settled().members.node1;
    expect(isUrgent(engine, engine.transport.nextKeepaliveUs)).toBe(false);
    expect(isUrgent(engine, engine.transport.nextKeepaliveUs - 1)).toBe(true);
  });

  it('are those of the node alone before the transport has started', () => {
    const pair = new TwoNodes();
    const { engine } = pair.members.node1;
    expect(engineDeadline(engine)).toBeUndefined();
    pair.members.node1.alive = true;
    const hello = { hostPid: 1, adopted: false, inventory: [], guardianActed: false, lastBeatUs: 0 };
    pair.tell('node1', { type: 'boot', generation: 100, hello, stickyStopFailures: [] });
    expect(engineDeadline(engine)).toBe(pair.nowUs + ms(600));
  });
});
