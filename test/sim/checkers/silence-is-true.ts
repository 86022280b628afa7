/**
 * S2, the part about silence: when a node declares its peer silent, no status of the peer that it would have believed
 * may have been lying in its sockets. The packets that arrived are read again for this.
 */
import { textOf } from '../../../src/core/transport/message.ts';
import { openPacket } from '../../../src/core/transport/packet.ts';
import { readHeader } from '../../../src/core/transport/packet-header.ts';
import { usPerMs } from '../../../src/core/types.ts';
import type { Daemon } from '../world/daemon.ts';
import type { World } from '../world/world.ts';
import { type Checker, isLog } from './checker.ts';

export function createSilenceIsTrue(): Checker {
  return {
    effect(world, daemon, effect) {
      if (isLog(effect, 'peer-silent')) check(world, daemon);
    },
  };
}

function check(world: World, daemon: Daemon): void {
  const { machine, engine } = daemon;
  const { peer } = engine.transport;
  if (peer === undefined) return;
  const heardUs = peer.lastStatusUs;
  const deadlineUs = heardUs + peer.deadtimeMs * usPerMs;
  if (machine.clock() < deadlineUs)
    world.violate('S2', `${machine.name}: the peer is called silent before its deadtime is over`);
  for (const { atUs, bytes } of daemon.arrivals) {
    const arrivedUs = machine.clockOf(atUs);
    if (arrivedUs <= heardUs || arrivedUs >= deadlineUs - usPerMs) continue;
    if (isNews(daemon, bytes))
      world.violate(
        'S2',
        `${machine.name}: the peer is called silent, but its status came ${(arrivedUs - heardUs) / usPerMs} ms after the last`,
      );
  }
}

function isNews({ engine }: Daemon, bytes: Uint8Array): boolean {
  const { transport } = engine;
  const { peer } = transport;
  const opened = openPacket(bytes, transport.authentication, transport.options.hashes);
  if (!opened.ok || peer === undefined) return false;
  const packet = readHeader(transport.options.links[0]!, opened.value);
  if (packet?.type !== 'status' || textOf(packet.message, 'src') !== peer.name) return false;
  if (packet.generation !== peer.generation || packet.sequence <= peer.lastStatusSequence) return false;
  if (wasGivenUp(engine, packet.sequence)) return false;
  return (
    packet.forPairbeat?.acceptedGeneration === transport.generation || packet.forPairbeat?.acceptedGeneration === 0
  );
}

/** It was asked for so often that it is not waited for any more: what comes now may be a recording. */
function wasGivenUp({ transport }: Daemon['engine'], sequence: number): boolean {
  const { peer, accounts } = transport;
  const isOpen = peer !== undefined && (sequence > peer.window.last || peer.window.missing.has(sequence));
  return !isOpen && (accounts.counters['given-up'] ?? 0) > 0;
}
