/**
 * The three words that appear everywhere: PROTECTED, UNPROTECTED, CANNOT FAIL OVER, each with the reason and what
 * improves it. Derived from the state for this moment; nothing is remembered. The words themselves are in the catalogue.
 */
import { hasAlarm } from './alarms.ts';
import { healthOf } from './fencing/devices.ts';
import { fencePhaseOf } from './fencing/fencing-state.ts';
import { statementOf } from './haresources/facts.ts';
import { letterOf, type NodeState, stageOf } from './node-state.ts';

export interface ProtectionView {
  readonly state: 'PROTECTED' | 'UNPROTECTED' | 'CANNOT FAIL OVER';
  /** Code of the reason; the catalogue has reason and advice for each. */
  readonly code: string;
  readonly fields: Readonly<Record<string, string | number>>;
}

export function protectionOf(state: NodeState): ProtectionView {
  const { peer, options } = state;
  const fields = { peer: options.peer, self: options.self };
  const cannot = (code: string, more: Record<string, string> = {}): ProtectionView => ({
    state: 'CANNOT FAIL OVER',
    code,
    fields: { ...fields, ...more },
  });
  if (options.unmanaged) return cannot('protection-crm-mode');
  if (peer.presence === 'never' || peer.presence === 'silent') return alone(state, cannot);
  if (peer.presence === 'left') return cannot('protection-peer-left');
  if (peer.deafSinceUs !== undefined) return cannot('protection-peer-deaf');
  if (stageOf(state) !== 'member' || peer.report?.stage !== 'member') return cannot('protection-joining');
  const stuck = state.groups.find((group) => letterOf(group) === 'f' || statementOf(state, group)?.letter === 'f');
  if (stuck !== undefined) return cannot('protection-stop-failed', { group: stuck.configuration.key });
  const refused = state.groups.find((group) => letterOf(group) === 'x' || statementOf(state, group)?.letter === 'x');
  if (refused !== undefined) return cannot('protection-start-failed', { group: refused.configuration.key });
  if (options.fencing === undefined) return { state: 'UNPROTECTED', code: 'protection-none', fields };
  return deviceless(state, cannot) ?? { state: 'PROTECTED', code: 'protection-fenced', fields };
}

type Cannot = (code: string, more?: Record<string, string>) => ProtectionView;

function alone(state: NodeState, cannot: Cannot): ProtectionView {
  const { peer, options, fencing } = state;
  if (fencing.proof !== undefined) return cannot('protection-peer-fenced');
  const taken = peer.presence === 'silent' ? tookOver(state) : undefined;
  if (taken !== undefined) return taken;
  if (hasAlarm(state, 'waiting-for-peer')) return cannot('protection-waiting-for-peer');
  const phase = fencePhaseOf(fencing);
  if (phase !== 'idle') return deviceless(state, cannot) ?? cannot('protection-fencing');
  if (peer.presence === 'never' || options.unmanaged === true) return cannot('protection-peer-never-seen');
  return cannot('protection-peer-silent');
}

/** A takeover needs at least one device that works; what has not been asked yet is taken to work. */
function deviceless(state: NodeState, cannot: Cannot): ProtectionView | undefined {
  const devices = state.options.fencing?.devices ?? [];
  if (devices.length === 0) return cannot('protection-no-fence-device');
  const health = devices.map(({ name }) => healthOf(state, name));
  if (health.some(({ state: word }) => word !== 'failing')) return undefined;
  return cannot('protection-fence-device-failing', { detail: health[0]!.detail });
}

/** What runs here was started on silence alone: say that first, it is what an administrator must know. */
function tookOver(state: NodeState): ProtectionView | undefined {
  const taken = state.groups.filter((group) => group.marked);
  if (taken.length === 0) return undefined;
  const groups = taken.map((group) => group.configuration.key).join(' ');
  return {
    state: 'UNPROTECTED',
    code: 'protection-took-over-on-silence',
    fields: { peer: state.options.peer, groups },
  };
}
