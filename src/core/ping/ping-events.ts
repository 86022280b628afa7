/** Tells the log and the hooks that a ping node answers or no longer does, in the messages that Heartbeat had for it. */
import { ownStatus, tell } from '../cluster-events.ts';
import type { NodeState } from '../node-state.ts';
import { usPerMs } from '../types.ts';
import { livePingNodes, type PingChange } from './ping-nodes.ts';

export function tellPingChange(state: NodeState, { node, former }: PingChange): void {
  const { name, listed, deadUs } = node.options;
  const up = node.status === 'ping';
  const listedCount = state.reach.nodes.filter((one) => one.options.listed).length;
  const fields = { name, live: livePingNodes(state.reach.nodes), count: listedCount, deadMs: deadUs / usPerMs };
  const code = up ? 'ping-node-up' : former === 'init' ? 'ping-node-never-up' : 'ping-node-dead';
  state.effects.push({ type: 'log', level: up ? 'notice' : 'warning', message: { code, fields } });
  if (!listed) return;
  // Heartbeat runs the status hook when a ping node dies, not when it comes back, and hands in its own status.
  const own = ownStatus(state);
  if (!up) tell(state, { t: 'status', st: 'dead', info: 'ping', src: name }, own);
  tell(state, { t: 'ifstat', node: name, ifname: name, st: up ? 'up' : 'dead' }, own);
}
