/**
 * States that a run should reach now and then. A simulator that never gets there proves nothing about them, so the
 * standard run fails when one of these stays at zero.
 */
import { momentNames } from './moments.ts';

export const sometimesNames = [
  ...momentNames,
  // the wire
  'datagram lost',
  'datagram delayed',
  'datagram damaged',
  'datagram replayed',
  'receive buffer full',
  'datagram lost for its size',
  'adversary: play back',
  'adversary: play back an earlier life',
  'adversary: reflect',
  'adversary: mutate',
  'adversary: splice',
  'adversary: garbage',
  'adversary: foreign cluster',
  'adversary: clash of names',
  'adversary: cloned machine',
  // what happened to a node
  'power lost',
  'daemon killed',
  'agent host killed',
  'machine frozen',
  'clock too fast',
  'clock too slow',
  'daemon stopped',
  'both nodes at once',
  'own pause noticed',
  'rejoined after a pause',
  'guardian acted',
  'guardian killed an operation',
  'daemon restarted, group adopted',
  'daemon restarted in the middle of an operation',
  'unknown after lost operation',
  'disk write failed',
  'power lost with a write under way',
  'power lost between two steps of a write',
  'unfinished write survived',
  'bit spoilt on the disk',
  'damaged file, older copy used',
  'daemon refused to start on its disk',
  'older peer generation after bit rot',
  'went back to the previous release',
  'upgraded to the present release',
  'two releases in one cluster',
  'key rotated',
  'key change refused',
  'one node lost for good',
  'fence device works again',
  // agents
  'start failed',
  'stop failed',
  'operation timed out',
  'start-failed group offered',
  'stop failed for good',
  'start failed on both nodes',
  // monitoring
  'service died by itself',
  'status lied',
  'restarted in place',
  'restart in place failed',
  'restart in place overtaken',
  'given up after failures',
  'nobody else could run it',
  'runs nowhere',
  'status unreliable',
  'status unknown',
  'unmanaged',
  'managed again',
  'unmanaged group let go of',
  'unmanaged group adopted',
  'died while unmanaged',
  // decisions
  'start: peerConfirmedStopped',
  'start: peerShutDown',
  'start: unprotected, peer seen',
  'start: unprotected, peer not seen',
  'start: operator',
  'start: held here',
  'offer accepted',
  'offer withdrawn',
  'withdrawal not yet acknowledged',
  // fencing
  'start: peerFenced',
  'start on a false word',
  'fence result confirmed',
  'fence result failed',
  'fence result unknown',
  'fence device unreachable',
  'fence device says no, does nothing',
  'fence device says no, but has done it',
  'fence device says yes, does nothing',
  'fence device says nothing, has done it',
  'fence device says nothing, does nothing',
  'fence device says nothing, does it later',
  'fence device hits the wrong node',
  'node reset by a fence device',
  'node switched off by a fence device',
  'both nodes fenced each other',
  'the other strikes first',
  'fence effect after the peer was back',
  'fenced and alive, let go',
  'waited for all',
  'operator confirmed that the peer is off',
  'operator was mistaken',
  'double running (false word)',
  // operators
  'standby accepted',
  'standby refused',
  'takeover accepted',
  'handover done',
  'handover failed',
  'failback',
  'crossing standby requests',
  'left gracefully',
  'leaving refused: failed stop',
  // ping nodes
  'ping node dead',
  'ipfail moved resources',
  'split decided by ping nodes',
  // configuration
  'configuration changed',
  'resource added live',
  'resource stopped live',
  'resource left out',
  'resource elsewhere',
  'group removed',
  'longer deadtime acknowledged',
  // splits
  'double running (unprotected)',
  'split found',
  'split yielded',
  'split healed',
  'yielded to a deaf peer',
  'failed stop blocked a takeover',
  'guardian released before the peer started',
] as const;

export type Sometimes = (typeof sometimesNames)[number];

export class SometimesCounters {
  readonly counts = new Map<Sometimes, number>(sometimesNames.map((name) => [name, 0]));

  count(name: Sometimes): void {
    this.counts.set(name, this.counts.get(name)! + 1);
  }

  add(other: SometimesCounters): void {
    for (const [name, count] of other.counts) this.counts.set(name, this.counts.get(name)! + count);
  }

  never(): Sometimes[] {
    return sometimesNames.filter((name) => this.counts.get(name) === 0);
  }
}
