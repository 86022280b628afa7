/** The seed has one group: beside a real Heartbeat the other node owns a class with nothing in it, and is counted all the same. */
import { describe, expect, it } from 'vitest';
import { messageOf, textOf } from '../../../../src/core/transport/message.ts';
import { LoneNode, node2, vip } from '../../lone-node.ts';

/** node2 owns nothing and joins a real node1 that holds all: the group, and the empty class of node2. */
function joiningOneThatHoldsAll(): { node: LoneNode; say: (type: string, fields?: Record<string, string>) => void } {
  const node = new LoneNode({ groups: [vip] }, 'node2').boot().heard();
  let sequence = 0;
  const say = (type: string, fields: Record<string, string> = {}): void =>
    void node.message(messageOf(type, { ...fields, seq: (++sequence).toString(16) }));
  say('status', { st: 'active', dt: '12c', protocol: '1' });
  say('repnodes', { dest: node2, nodelist: 'node1 node2 ', delnodelist: ' ' });
  say('resource', { rsc_hold: 'all', rtype: 'full', isstable: '1' });
  return { node, say };
}

const claims = (node: LoneNode): string[] =>
  node
    .ofType('send')
    .filter(({ message }) => textOf(message, 't') === 'resource')
    .map(({ message }) => `${textOf(message, 'rsc_hold')} ${textOf(message, 'isstable')}`);

describe('a node that owns nothing, beside a real Heartbeat that has taken over', () => {
  it('does not claim its empty class while the other claims it', () => {
    const { node } = joiningOneThatHoldsAll();
    expect(node.stage).toBe('member');
    expect(claims(node)).toEqual(['none 0', 'none 1']);
  });

  it('takes it back by the whole handshake: `done` only after the giver has said it', () => {
    const { node, say } = joiningOneThatHoldsAll();
    node.forget();
    say('ask_resources', { rsc_hold: 'foreign', info: 'me' });
    expect(node.said).toEqual(['ask_resources other']);
    say('resource', { rsc_hold: 'local', rtype: 'full', isstable: '0', info: 'standby' });
    expect(node.said).toEqual(['ask_resources other']);
    say('ask_resources', { rsc_hold: 'foreign', info: 'done' });
    expect(node.said).toEqual(['ask_resources other', 'ask_resources done']);
    expect(claims(node).at(-1)).toBe('local 1');
    expect(node.operations).toEqual([]);
  });
});
