/** Guards of a healed split, each shown to matter by a wrong version of it that nothing else caught. */
import { describe, expect, it } from 'vitest';
import { answering, LoneNode } from '../lone-node.ts';

const tookWeb = (): LoneNode => LoneNode.settled().silent().forget().heard(true);

describe('what the peer could not stop', () => {
  it('goes on running here where both had taken it on silence', () => {
    expect(tookWeb().says({ web: 'f*' }).letters).toBe('rr');
  });

  it('is not started any further here, even where both had taken it on silence', () => {
    const node = LoneNode.settled();
    node.answer = answering({ 'start web#0': 'hold' });
    node.silent().heard(true).says({ web: 'f*' });
    expect(node.letters).toBe('rp');
  });
});

describe('a dispute', () => {
  it('ends when the peer does not know the group any more', () => {
    const node = LoneNode.settled().says({ vip: 'r*' });
    expect(node.state.groups[0]!.disputedSinceUs).toBeDefined();
    node.says({}, { groups: [] });
    expect(node.state.groups[0]!.disputedSinceUs).toBeUndefined();
    expect(node.letters).toBe('r-');
  });

  it('freezes how many ping nodes are reached, and its end lets that number move again', () => {
    const node = LoneNode.settled().says({ vip: 'r*' });
    expect(node.state.reach.disputed).toBeDefined();
    node.says({ vip: '-' });
    expect(node.state.reach.disputed).toBeUndefined();
  });

  it('is recorded from when the two lost contact: since the silence, or since the peer did not hear us', () => {
    const node = LoneNode.settled().pass(1000).silent();
    const sinceUs = node.state.peer.silentSinceUs;
    node.pass(1000).heard(true).says({ vip: 'r' });
    expect(node.state.split?.sinceUs).toBe(sinceUs);
    const deaf = LoneNode.settled().says({}, { fields: { pbsees: 'dead' } });
    const deafUs = deaf.nowUs;
    deaf.pass(100).says({ vip: 'r' }, { fields: { pbsees: 'dead' } });
    expect(deaf.state.split?.sinceUs).toBe(deafUs);
  });
});
