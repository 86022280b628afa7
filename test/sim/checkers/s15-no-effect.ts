/**
 * S15 and S17: what was not sent by the peer under a key of the pair, or bears this node's own name, changes nothing and
 * causes nothing but a line in the log. S16: no message acts twice, whatever is played back and whoever was restarted.
 */
import { openPacket } from '../../../src/core/transport/packet.ts';
import { readHeader } from '../../../src/core/transport/packet-header.ts';
import type { Daemon } from '../world/daemon.ts';

/** Called around the step that takes a datagram that somebody has made up. */
export function expectNoEffect(daemon: Daemon, take: () => void): void {
  const { machine, engine } = daemon;
  const { transport } = engine;
  // Whatever wakes a process that has slept makes it notice.
  const slept = machine.clock() - transport.lastKeepaliveUs > transport.ownDeadtime.deadtimeMs * 1000;
  const before = fingerprint(daemon);
  const seen: string[] = [];
  const stopWatching = machine.world.watchEffects((effect) => {
    if (effect.type !== 'log') seen.push(effect.type);
  });
  take();
  stopWatching();
  if (slept || transport.paused || !transport.started) return;
  if (seen.length > 0) machine.world.violate('S15', `${machine.name}: a forged packet causes ${seen.join(' ')}`);
  const after = fingerprint(daemon);
  if (after !== before) machine.world.violate('S15', `${machine.name}: a forged packet changes ${before} to ${after}`);
}

function fingerprint({ engine: { transport, node } }: Daemon): string {
  const { peer } = transport;
  return JSON.stringify([
    transport.sequence,
    transport.linkViewVersion,
    transport.generation,
    [...transport.persistedGenerations],
    peer === undefined ? [] : [peer.heard, peer.generation, peer.lastStatusUs, peer.lastStatusSequence, peer.status],
    peer === undefined
      ? []
      : [peer.deadtimeMs, peer.window.last, peer.window.missing.size, peer.pending?.generation, peer.acknowledged],
    [node.reportVersion, node.peer.presence, node.peer.generation, node.alarms.size],
  ]);
}

/** Of each machine, across the lives of its daemons; the oldest are forgotten. */
const remembered = 20_000;

export class ActedOn {
  readonly #seen = new Set<string>();

  /** Called around the step that takes any datagram while somebody plays back what he has heard. */
  expectOnce(daemon: Daemon, bytes: Uint8Array, take: () => void): void {
    const { transport } = daemon.engine;
    const { counters } = transport.accounts;
    const before = counters.accepted ?? 0;
    const opened = openPacket(bytes, transport.authentication, transport.options.hashes);
    take();
    if ((counters.accepted ?? 0) === before || !opened.ok) return;
    const packet = readHeader(transport.options.links[0]!, opened.value);
    if (packet === undefined) return;
    const name = `${packet.uuid} ${packet.generation} ${packet.sequence}`;
    const { world, disk, name: node } = daemon.machine;
    if (this.#seen.has(name) && !disk.hasForgottenPeer)
      world.violate(
        'S16',
        `${node}: acts twice on ${packet.type} ${packet.sequence} of generation ${packet.generation}`,
      );
    if (this.#seen.size >= remembered) this.#seen.clear();
    this.#seen.add(name);
  }
}
