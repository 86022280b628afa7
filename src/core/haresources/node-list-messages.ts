/**
 * `addnode` and `delnode`, as `hb_addnode` on a real Heartbeat says them. A pair managed by haresources has the two nodes
 * of ha.cf: nothing is added, nobody is removed, and what the other node may do now is said plainly. A real node that takes
 * a third one in loses count of what it holds (it takes the newcomer's silence for a death); one that removes us
 * does not hear us any more.
 */
import type { NodeState } from '../node-state.ts';
import { type Message, textOf } from '../transport/message.ts';

export function noteNodeList(state: NodeState, message: Message): void {
  const { self, peer } = state.options;
  const names = (textOf(message, 'nodelist') ?? '').toLowerCase().split(' ');
  const strangers = names.filter((name) => name !== '' && name !== self && name !== peer);
  if (textOf(message, 't') === 'addnode' && strangers.length > 0) {
    const fields = { peer, nodes: strangers.join(' ') };
    state.effects.push({ type: 'log', level: 'error', message: { code: 'peer-adds-node', fields } });
  }
  if (textOf(message, 't') === 'delnode' && names.includes(self)) {
    state.effects.push({
      type: 'log',
      level: 'critical',
      message: { code: 'peer-removes-us', fields: { peer, self } },
    });
  }
}
