import { expect, it } from 'vitest';
import { mayRunAtPeer } from '../../../src/core/haresources/facts.ts';
import { LoneNode } from '../lone-node.ts';

it('a group may run at the peer that holds it by its last word, and at one that could not stop it in an earlier life', () => {
  const answers = (node: LoneNode): boolean[] => node.state.groups.map((group) => mayRunAtPeer(node.state, group));
  expect(answers(LoneNode.settled())).toEqual([false, true]);
  expect(answers(LoneNode.settled().says({ web: 'o' }))[1]).toBe(false);
  const stuck = LoneNode.settled().says({ web: 'f' }).peerRestarts().heard();
  expect(answers(stuck)).toEqual([false, true]);
});
