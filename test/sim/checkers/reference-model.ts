/**
 * A second opinion on every start. It knows nothing of the node's state: only the packets that reached it, the packets
 * that it sent, what its operators and fence devices told it, and its clock. From these alone it answers whether the
 * evidence that a start carries exists and permits it:
 *
 *   peerConfirmedStopped  that very report arrived, meant for this incarnation, none that was accepted is newer, it does
 *                         not hold the group, and it has read that our last offer of it was withdrawn
 *   peerShutDown          that incarnation has said goodbye
 *   peerFenced            a device confirmed, in answer to a request of this node, and nothing newer was accepted since
 *   operator              an operator has spoken to this daemon
 *   unprotected           no fence devices, and no lease of the peer runs any more
 */
import type { EngineEffect, EngineEvent } from '../../../src/core/engine.ts';
import { isHeld, isOffered } from '../../../src/core/haresources/letters.ts';
import { decodeReport, type Report } from '../../../src/core/haresources/report.ts';
import { effectiveOwner, type StartEvidence } from '../../../src/core/ownership.ts';
import { textOf } from '../../../src/core/transport/message.ts';
import { openPacket } from '../../../src/core/transport/packet.ts';
import { readHeader, type VerifiedPacket } from '../../../src/core/transport/packet-header.ts';
import { usPerMs } from '../../../src/core/types.ts';
import type { Daemon } from '../world/daemon.ts';

type Start = Extract<EngineEffect, { type: 'operation' }>;

interface Lease {
  readonly deadtimeMs: number;
  readonly generation: number;
  /** A status that comes after a later one says nothing any more. */
  readonly sequence: number;
  readonly untilUs: number;
}

const reportsMax = 400;

export class ReferenceModel {
  readonly #daemon: Daemon;
  /** By generation and version, as they arrived. */
  readonly #reports = new Map<string, Report>();
  /** Highest version of each incarnation of the peer that this node has acted on. */
  readonly #accepted = new Map<number, number>();
  readonly #saidGoodbye = new Set<number>();
  /** Of each group: the report of ours that first did not offer it any more; Infinity while the last one did. */
  readonly #withdrawnAt = new Map<string, number>();
  #highestSent = 0;
  #lease: Lease | undefined;
  #highestAccepted = 0;
  #generation: number;
  #operatorSpoke = false;
  #requests = new Set<number>();
  /** Highest incarnation accepted when a device, or the disk, said that the peer is off. */
  #proven: number | undefined;

  constructor(daemon: Daemon) {
    this.#daemon = daemon;
    this.#generation = daemon.engine.transport.generation;
  }

  /** Around the step that takes a datagram. */
  arrives(bytes: Uint8Array, take: () => void): void {
    const { transport } = this.#daemon.engine;
    const packet = this.#read(bytes);
    const isFromPeer = packet?.node === this.#daemon.machine.other.name;
    const isForUs = isFromPeer && this.#isMeantForUs(packet);
    const report = isForUs ? decodeReport(packet!.message) : undefined;
    if (report !== undefined) this.#keep(packet!.generation, report);
    if (isForUs && packet!.type === 'shutdone') this.#saidGoodbye.add(packet!.generation);
    const before = transport.accounts.counters.accepted ?? 0;
    const nowUs = this.#daemon.machine.clock();
    take();
    if (!isFromPeer || (transport.accounts.counters.accepted ?? 0) === before) return;
    const { generation } = packet;
    // Also what it said before it knew of our present life.
    this.#highestAccepted = Math.max(this.#highestAccepted, generation);
    if (!isForUs) return;
    if (packet.type === 'status') this.#extend(packet, nowUs);
    if (report !== undefined && report.version > (this.#accepted.get(generation) ?? 0))
      this.#accepted.set(generation, report.version);
  }

  /** Before the step: what operators, devices and the disk say. */
  takes(event: EngineEvent | undefined): void {
    if (event?.to !== 'node') return;
    const { event: what } = event;
    if (what.type === 'rejoined') this.#forget(what.generation);
    if (what.type === 'boot' && what.fencedPeer !== undefined) this.#proven = this.#highestKnown();
    if (what.type === 'command' && (what.command.verb === 'cleanup' || what.command.verb === 'confirmOff'))
      this.#operatorSpoke = true;
    if (what.type === 'boot' && what.fencedPeer?.by === 'operator') this.#operatorSpoke = true;
    if (what.type === 'fenceResult' && what.outcome === 'confirmed' && this.#requests.has(what.attempt))
      this.#proven = this.#highestKnown();
  }

  does(effect: EngineEffect): void {
    if (effect.type === 'fence') this.#requests.add(effect.attempt);
    // What follows the first resource of a group follows from the same decision.
    if (effect.type !== 'operation' || effect.operation.action !== 'start' || effect.operation.index > 0) return;
    if (effect.evidence !== undefined) this.#judge(effect, effect.evidence);
  }

  /** Each of its packets once; a second link carries the same. */
  sends(bytes: Uint8Array): void {
    const packet = this.#read(bytes);
    const report = packet === undefined ? undefined : decodeReport(packet.message);
    // What is sent again because it was lost has been overtaken, and nobody reads it after what is newer.
    if (report === undefined || report.version < this.#highestSent) return;
    this.#highestSent = report.version;
    for (const { key, letter } of report.groups) {
      const known = this.#withdrawnAt.get(key);
      if (isOffered(letter)) this.#withdrawnAt.set(key, Number.POSITIVE_INFINITY);
      else if (known === Number.POSITIVE_INFINITY) this.#withdrawnAt.set(key, report.version);
    }
  }

  /** One that was only waiting to be written down counts as well: its first packet was taken when it had been. */
  #highestKnown(): number {
    return Math.max(this.#highestAccepted, this.#daemon.engine.transport.peer?.generation ?? 0);
  }

  #judge({ operation: { group } }: Start, evidence: StartEvidence): void {
    const refusal = this.#refusal(group, evidence);
    if (refusal === undefined) return;
    const { machine } = this.#daemon;
    machine.world.violate('reference', `${machine.name}: start of ${group} on ${evidence.kind}, but ${refusal}`);
  }

  #refusal(group: string, evidence: StartEvidence): string | undefined {
    const { machine, engine } = this.#daemon;
    switch (evidence.kind) {
      case 'heldHere':
        return undefined;
      case 'peerConfirmedStopped':
        return this.#refusedByReport(group, evidence.peerGeneration, evidence.reportVersion);
      case 'peerShutDown':
        return this.#saidGoodbye.has(evidence.peerGeneration) ? undefined : 'no goodbye has arrived';
      case 'operator':
        return this.#operatorSpoke ? undefined : 'no operator has spoken';
      case 'peerFenced':
        if (this.#proven === undefined) return 'no device has confirmed';
        return this.#highestAccepted > this.#proven ? 'a newer incarnation was heard since' : undefined;
      case 'unprotected':
        if (engine.node.options.fencing !== undefined) return 'there are fence devices';
        return this.#hasLease(machine.clock(), engine.node.peer.generation) ? 'its lease still runs' : undefined;
    }
  }

  #refusedByReport(group: string, generation: number, version: number): string | undefined {
    const report = this.#reports.get(`${generation} ${version}`);
    if (report === undefined) return `no report ${version} of generation ${generation} has arrived`;
    if (report.ackGeneration !== this.#generation) return 'it was not written for this incarnation';
    const newest = this.#accepted.get(generation) ?? 0;
    if (newest > version) return `report ${newest} is newer than ${version}`;
    const statement = report.groups.find(({ key }) => key === group);
    if (statement === undefined) return 'the report does not name the group';
    if (isHeld(statement.letter)) return `the report says ${statement.letter}`;
    const ours = this.#daemon.engine.node.groups.find(({ configuration }) => configuration.key === group)!;
    const owner = effectiveOwner(ours.configuration.owner, statement.owner);
    if (owner !== this.#daemon.machine.name && !isOffered(statement.letter)) return 'it is neither ours nor offered';
    const withdrawnAt = this.#withdrawnAt.get(group);
    if (withdrawnAt !== undefined && report.ack < withdrawnAt) return 'it may still take up our last offer';
    return undefined;
  }

  /** A lease ends with its life: of one that follows it, the first packet is accepted when its generation is on disk. */
  #hasLease(nowUs: number, acceptedGeneration: number): boolean {
    return this.#lease !== undefined && this.#lease.generation >= acceptedGeneration && nowUs < this.#lease.untilUs;
  }

  #extend(packet: VerifiedPacket, nowUs: number): void {
    const { generation, sequence } = packet;
    // A recording of an earlier life prolongs nothing.
    if (this.#lease !== undefined && generation < this.#lease.generation) return;
    if (this.#lease?.generation === generation && sequence <= this.#lease.sequence) return;
    // A peer whose deadtime grows lives by the shorter one until this node has said that it knows: the packet that told of
    // the longer one may be among those that were dropped while its generation was written down.
    const sameLife = this.#lease?.generation === generation;
    const deadtimeMs = Math.min(deadtimeOf(packet), sameLife ? this.#lease!.deadtimeMs : Number.POSITIVE_INFINITY);
    this.#lease = { generation, sequence, deadtimeMs, untilUs: nowUs + deadtimeMs * usPerMs };
  }

  #read(bytes: Uint8Array): VerifiedPacket | undefined {
    const { authentication, options } = this.#daemon.engine.transport;
    const opened = openPacket(bytes, authentication, options.hashes);
    return opened.ok ? readHeader(options.links[0]!, opened.value) : undefined;
  }

  #isMeantForUs({ forPairbeat, type }: VerifiedPacket): boolean {
    if (forPairbeat?.acceptedGeneration === this.#generation) return true;
    return type === 'status' && forPairbeat?.acceptedGeneration === 0;
  }

  #keep(generation: number, report: Report): void {
    this.#reports.set(`${generation} ${report.version}`, report);
    if (this.#reports.size <= reportsMax) return;
    const [oldest] = this.#reports.keys();
    this.#reports.delete(oldest!);
  }

  /** A new incarnation of its own: what was said to the old one proves nothing. */
  #forget(generation: number): void {
    this.#generation = generation;
    this.#reports.clear();
    this.#accepted.clear();
    this.#saidGoodbye.clear();
    this.#withdrawnAt.clear();
    this.#highestSent = 0;
    this.#lease = undefined;
    this.#proven = undefined;
    this.#operatorSpoke = false;
  }
}

function deadtimeOf({ message }: VerifiedPacket): number {
  return Number.parseInt(textOf(message, 'dt') ?? '0', 16);
}
