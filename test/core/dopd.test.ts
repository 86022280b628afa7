import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TwoNodes } from './two-nodes.ts';

const dopd = { clients: ['dopd'] };

function settled(changes: Parameters<typeof TwoNodes.settled>[0] = dopd): TwoNodes {
  return TwoNodes.settled(changes);
}

const ask = (pair: TwoNodes, resource = 'data0', timeoutMs = 1000): TwoNodes =>
  pair.command('node1', { verb: 'outdatePeer', resource, timeoutMs });

describe('dopd', () => {
  it('has the resource outdated on the peer, and says so', () => {
    const pair = ask(settled()).run(100);
    expect(pair.deeds).toEqual(['node2 drbdadm outdate data0']);
    expect(pair.members.node1.replies).toEqual(['1 ok final']);
  });

  it('answers as a real one for every exit code of drbdadm that was observed', () => {
    const text = readFileSync(join(import.meta.dirname, '../data/heartbeat-3.0.6/ipfail.json'), 'utf8');
    const { said } = JSON.parse(text) as { said: { when: string; fields: Record<string, string> }[] };
    const observed = said.filter(({ fields }) => fields['t'] === 'outdate_rc');
    expect(observed.length).toBeGreaterThan(5);
    for (const { when, fields } of observed) {
      const exitCode = Number(when.split(' ').at(-1));
      const pair = settled();
      pair.drbdadm = () => exitCode;
      ask(pair).run(100);
      const replies = pair.members.node1.problems.map((problem) => String(problem.fields['code']));
      expect([exitCode, replies.at(-1) ?? '4']).toEqual([exitCode, fields['dop_value']]);
    }
  });

  it('failed, when drbdadm did not run to its end', () => {
    const pair = settled();
    pair.drbdadm = () => undefined;
    ask(pair).run(100);
    expect(pair.members.node1.problems.map(({ code, fields }) => [code, fields['code']])).toEqual([
      ['dopd-answer', 20],
    ]);
  });

  it('failed, when the peer has not switched it on: nothing is run there', () => {
    const pair = settled();
    (pair.members.node2.engine.node.options as { clients?: readonly string[] }).clients = [];
    ask(pair).run(100);
    expect(pair.deeds).toEqual([]);
    expect(pair.members.node1.problems.at(-1)?.fields['code']).toBe(20);
  });

  it('is refused here when it is not switched on', () => {
    const pair = ask(settled({})).run(100);
    expect(pair.members.node1.replies).toEqual(['1 dopd-off final']);
  });

  it.each(['-v', '--help', 'a b', 'a;b', '../x', '', '$(x)', 'a'.repeat(129)])('asks nobody about %j', (resource) => {
    const pair = ask(settled(), resource).run(100);
    expect(pair.members.node1.replies).toEqual(['1 dopd-resource final']);
    expect(pair.deeds).toEqual([]);
  });

  it('runs nothing for a name of the peer that could be an option', () => {
    const pair = settled();
    const { node } = pair.members.node2.engine;
    for (const resource of ['--all', 'x/y', '']) {
      pair.tell('node2', {
        type: 'message',
        from: node.options.peer,
        generation: node.peer.generation,
        linkViewVersion: node.peer.linkViewVersion,
        message: {
          fields: [
            { name: 't', value: 'start_outdate' },
            { name: 'dop_res', value: resource },
          ],
        },
      });
    }
    pair.run(100);
    expect(pair.deeds).toEqual([]);
    expect(pair.members.node2.log.filter((code) => code === 'dopd-refused')).toHaveLength(3);
  });

  it('says that a peer which is gone cannot be reached', () => {
    const pair = settled().crash('node2').run(1000);
    ask(pair).run(1);
    expect(pair.members.node1.problems.at(-1)?.fields['code']).toBe(5);
  });

  it('says so as soon as it is known, when the peer dies after the question', () => {
    const pair = ask(settled().crash('node2'), 'data0', 60_000).run(1000);
    expect(pair.members.node1.problems.at(-1)?.fields['code']).toBe(5);
  });

  it('says that a peer which was quiet since the question cannot be reached, even before it is dead', () => {
    const pair = ask(settled().crash('node2'), 'data0', 150).run(200);
    expect(pair.members.node1.problems.at(-1)?.fields['code']).toBe(5);
  });

  it('failed, when a peer that lives does not answer in time', () => {
    const pair = settled();
    pair.drbdadm = () => 'never';
    ask(pair, 'data0', 700).run(1000);
    expect(pair.members.node1.problems.at(-1)?.fields['code']).toBe(20);
  });

  it('tells the peer when the agent host was lost in the middle of it', () => {
    const pair = settled();
    pair.drbdadm = () => 'never';
    ask(pair, 'data0', 60_000).run(50);
    pair.tell('node2', { type: 'hostLost', reason: 'test' }).run(50);
    expect(pair.members.node1.problems.at(-1)?.fields['code']).toBe(20);
  });
});
