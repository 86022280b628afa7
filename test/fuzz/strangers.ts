/**
 * Packets without a valid signature, against a transport that is up: nothing may be thrown, nothing but `accounts` may
 * change, nothing may be asked for but lines in the log, and every packet must be found again in exactly one counter.
 */
import { step, type TransportState } from '../../src/core/transport/machine.ts';
import { openPacket } from '../../src/core/transport/packet.ts';
import { createSerialReader, readSerial, type SerialReader } from '../../src/core/transport/serial-framing.ts';
import { nodeZlib } from '../../src/io/zlib.ts';
import { digestOf, linkA, linkB, ms, started } from '../core/transport/harness.ts';
import { hashes } from '../core/transport/support.ts';
import type { Family } from './corpus.ts';
import type { Draw } from './draw.ts';
import { mutate } from './mutate.ts';

const refusals = [
  'rate-limited',
  'oversized',
  'truncated',
  'malformed',
  'too-many-fields',
  'unknown-key',
  'bad-mac',
] as const;

export interface Target {
  readonly family: Family;
  readonly state: TransportState;
  readonly digest: string;
  readonly serial: SerialReader;
  nowUs: number;
}

/** Heard nobody yet, and will not fall asleep. */
export function targetOf(family: Family): Target {
  const deadtimeMs = 1e12;
  const timing = {
    keepaliveMs: 100,
    deadtimeMs,
    warntimeMs: deadtimeMs,
    initdeadMs: deadtimeMs,
    deadpingMs: deadtimeMs,
  };
  const { authentication } = family;
  const state = started('node2', { authentication, timing, links: [linkA, linkB], zlib: nodeZlib });
  return { family, state, digest: digestOf(state), serial: createSerialReader(), nowUs: ms(1001) };
}

/** One packet. Answers what is wrong, if anything. `stillValid`: the change did not touch what is signed. */
export function sendStranger(target: Target, draw: Draw): string | undefined | 'stillValid' {
  const { family, state } = target;
  const other = () => draw.pick(family.packets);
  const bytes = mutate(other(), draw, other);
  target.nowUs += 200 + draw.below(200);
  if (draw.oneIn(16)) return sendOverSerial(target, bytes, draw);
  if (openPacket(bytes, family.authentication, hashes).ok) return 'stillValid';
  return deliver(target, bytes, draw);

  function sendOverSerial(to: Target, line: Uint8Array, from: Draw): string | undefined {
    const packets = readSerial(to.serial, line.subarray(from.below(line.length + 1)));
    const held = to.serial.frame.length + to.serial.line.length;
    if (held > 65_536) return `the serial reader holds ${held} bytes`;
    for (const packet of packets) {
      if (openPacket(packet, family.authentication, hashes).ok) continue;
      const wrong = deliver(to, packet, from);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  }

  function deliver(to: Target, packet: Uint8Array, from: Draw): string | undefined {
    const source = `10.0.0.${from.below(80)}:694`;
    const link = from.oneIn(2) ? linkA : linkB;
    const effects = step(state, { type: 'datagram', nowUs: to.nowUs, link, bytes: packet, source });
    const asked = effects.find(({ type }) => type !== 'log');
    return asked === undefined ? undefined : `a packet that does not verify caused ${asked.type}`;
  }
}

/** After many. */
export function inspect({ state, digest }: Target): string | undefined {
  if (digestOf(state) !== digest) return 'packets that do not verify changed the state';
  const { counters, logged, admission } = state.accounts;
  const received = counters.received ?? 0;
  const refused = refusals.reduce((sum, name) => sum + (counters[name] ?? 0), 0);
  if (received !== refused) return `${received} packets came, ${refused} are accounted for`;
  if (logged.size > 60) return `the log limits remember ${logged.size} keys`;
  if (admission.sources.size > 64) return `${admission.sources.size} sources are remembered`;
  return undefined;
}
