/** Both nodes had declared the other dead, and hear each other again: a real Heartbeat restarts itself two seconds later. */
import { describe, expect, it } from 'vitest';
import { messageOf } from '../../../../src/core/transport/message.ts';
import { LoneNode, node1 } from '../../lone-node.ts';

describe('a member that hears a real Heartbeat again', () => {
  it('does not introduce itself before that one has had its time to restart: it would think of a failback first', () => {
    const node = new LoneNode().boot().heard();
    let sequence = 0;
    const say = (type: string, fields: Record<string, string> = {}): void =>
      void node.message(messageOf(type, { ...fields, seq: (++sequence).toString(16) }));
    say('status', { st: 'active', dt: '12c', protocol: '1' });
    say('repnodes', { dest: node1, nodelist: 'node1 node2 ', delnodelist: ' ' });
    say('resource', { rsc_hold: 'local', rtype: 'full', isstable: '1' });
    expect(node.stage).toBe('member');
    node.pass(60_000);
    node.silent().pass(5000);
    expect(node.letters).toBe('rr');
    node.forget().heard(true);
    say('status', { st: 'active', dt: '12c', protocol: '1' });
    say('stonith', { node: node1, result: 'unneeded' });
    say('repnodes', { dest: node1, nodelist: 'node1 node2 ', delnodelist: ' ' });
    node.pass(3900);
    expect(node.said).not.toContain('starting');
    expect(node.letters).toBe('rr');
  });
});
