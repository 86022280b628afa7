/**
 * `auto_failback legacy` beside a real Heartbeat: the protocol of releases before 1.2. Nobody claims anything. A node
 * asks for each of its own groups (`ip-request`); the other stops it, if it runs it, and answers `ip-request-resp`.
 * Until that answer our own groups count as running there, and after our answer the peer's groups do.
 */
import { tellGiving } from '../../cluster-events.ts';
import type { NodeEvent } from '../../events.ts';
import { type GroupState, isOwnerOf, letterOf, type NodeState, stageOf } from '../../node-state.ts';
import { arm } from '../../timers.ts';
import { messageOf, textOf } from '../../transport/message.ts';
import { usPerSecond } from '../../types.ts';
import { stopGroup } from '../groups.ts';
import { isHeld } from '../letters.ts';
import { isClassic } from './classic-peer.ts';

type MessageEvent = Extract<NodeEvent, { type: 'message' }>;

const askAgainUs = 2 * usPerSecond;

const isLegacy = (state: NodeState): boolean => isClassic(state) && state.options.legacyFailback === true;

/** `ip-request` and its answer. Without legacy failback here they are not expected, and nothing is given up for them. */
export function readLegacyMessage(state: NodeState, { message }: MessageEvent): void {
  if (!isLegacy(state)) return;
  const { classic } = state.peer;
  const type = textOf(message, 't');
  const group = state.groups.find(({ configuration }) => configuration.key === textOf(message, 'ipaddr'));
  if (group === undefined) return;
  const { key } = group.configuration;
  if (type === 'ip-request') classic.wanted = new Map(classic.wanted).set(key, isHeld(letterOf(group)));
  if (type === 'ip-request-resp' && textOf(message, 'ok') === 'OK' && !isHeld(letterOf(group)))
    classic.released = new Set([...classic.released, key]);
}

/** Called after every event. */
export function settleLegacyFailback(state: NodeState): void {
  if (!isLegacy(state) || state.peer.presence !== 'up' || !state.peer.fresh) return;
  for (const [key, wasHeld] of state.peer.classic.wanted) {
    const group = state.groups.find(({ configuration }) => configuration.key === key);
    if (group !== undefined) letGo(state, group, wasHeld);
  }
  askForOwn(state);
}

/** S9: what could not be stopped is not answered for. */
function letGo(state: NodeState, group: GroupState, wasHeld: boolean): void {
  // Hands off: it asks again, and is answered when that is over.
  if (group.unmanaged !== undefined) return;
  const letter = letterOf(group);
  if (letter === 'r' || letter === 's') tellGiving(state, group.configuration.key);
  if (letter === 'r' || letter === 's') stopGroup(state, group, 'stopped');
  if (isHeld(letterOf(group))) return;
  const { classic } = state.peer;
  const { key } = group.configuration;
  const rest = new Map(classic.wanted);
  rest.delete(key);
  classic.wanted = rest;
  classic.released = new Set([...classic.released].filter((released) => released !== key));
  const fields = { ipaddr: key, weown: wasHeld ? 'yes' : 'no', ok: 'OK' };
  state.effects.push({ type: 'send', message: messageOf('ip-request-resp', fields), dest: state.options.peer });
}

function askForOwn(state: NodeState): void {
  const { classic } = state.peer;
  if (stageOf(state) !== 'member' || !state.hostReady) return;
  if (classic.requestedUs !== undefined && state.nowUs - classic.requestedUs < askAgainUs) return;
  const missing = state.groups.filter(
    (group) => isOwnerOf(state, group) && letterOf(group) === '-' && !classic.released.has(group.configuration.key),
  );
  if (missing.length === 0) return;
  classic.requestedUs = state.nowUs;
  arm(state.timers, 'classic request', state.nowUs + askAgainUs);
  for (const group of missing) {
    state.effects.push({ type: 'send', message: messageOf('ip-request', { ipaddr: group.configuration.key }) });
  }
}
