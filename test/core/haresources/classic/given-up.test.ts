/** A real Heartbeat that gives may stop giving: it says so only by being stable again without having said `done`. */
import { expect, it } from 'vitest';
import { messageOf } from '../../../../src/core/transport/message.ts';
import { LoneNode, node2 } from '../../lone-node.ts';

it('a handover that a real Heartbeat has given up is over, and the next one is answered', () => {
  const node = new LoneNode({}, 'node2').boot().heard();
  let sequence = 0;
  const say = (type: string, fields: Record<string, string> = {}): void =>
    void node.message(messageOf(type, { ...fields, seq: (++sequence).toString(16) }));
  say('status', { st: 'active', dt: '12c', protocol: '1' });
  say('repnodes', { dest: node2, nodelist: 'node1 node2 ', delnodelist: ' ' });
  say('resource', { rsc_hold: 'all', rtype: 'full', isstable: '1' });
  expect(node.stage).toBe('member');
  say('ask_resources', { rsc_hold: 'foreign', info: 'me' });
  expect(node.said.at(-1)).toBe('ask_resources other');
  say('resource', { rsc_hold: 'all', rtype: 'full', isstable: '0', info: 'standby' });
  // Its scripts take their time.
  node.pass(60_000);
  expect(node.state.handover).toBeDefined();
  say('resource', { rsc_hold: 'all', rtype: 'full', isstable: '1' });
  // One of its own scripts may have ended meanwhile and said so.
  expect(node.state.handover).toBeDefined();
  node.pass(15_000);
  expect(node.state.handover).toBeUndefined();
  expect(node.letters).toBe('--');
  node.forget();
  say('ask_resources', { rsc_hold: 'foreign', info: 'me' });
  expect(node.said).toEqual(['ask_resources other']);
});
