/**
 * What the nodes said to each other, taken from their bridge ports, in short: for whoever must find out why a scenario
 * failed. Keepalives of one node that differ in nothing are folded into one line.
 */

import { type Field, textOf } from '../../src/core/transport/message.ts';
import { decodeNetstring, findNetstringSeal } from '../../src/core/transport/netstring.ts';
import { type Capture, openCapture } from '../../src/io/capture/capture.ts';
import type { CapturedDatagram } from '../../src/io/capture/datagram.ts';
import type { Host } from '../lab/host.ts';

interface Heard {
  readonly atUs: number;
  readonly from: string;
  readonly text: string;
  readonly keepalive: boolean;
}

const heardLimit = 20_000;

/** Fields that are on every message and tell nothing about the conversation. */
const everyday = new Set(['t', 'src', 'srcuuid', 'destuuid', 'ts', 'ld', 'ttl', 'auth', 'pbver', 'seq']);

export class Wire {
  private heard: Heard[] = [];
  private captures: Capture[] = [];

  /** Listens at the port that a host's device is plugged into; call again after a boot, which makes a new port. */
  listen(host: Host, device: string, address: string): void {
    const opened = openCapture(host.port(device), 694, (datagram) => {
      if (datagram.source === address) this.note(host.name, datagram);
    });
    if (!opened.ok) throw new Error(`cannot listen at ${host.name}'s port: ${opened.problem.code}`);
    this.captures.push(opened.value);
  }

  close(): void {
    for (const capture of this.captures) capture.close();
    this.captures = [];
  }

  /** The last `limit` lines, without acknowledgements. */
  transcript(limit = 80): string[] {
    const ordered = this.heard
      .filter(({ text }) => !text.includes('NS_ackmsg'))
      .sort((left, right) => left.atUs - right.atUs);
    const startUs = ordered[0]?.atUs ?? 0;
    const lines: string[] = [];
    const lastKeepalive = new Map<string, string>();
    for (const { atUs, from, text, keepalive } of ordered) {
      if (keepalive && lastKeepalive.get(from) === text) continue;
      if (keepalive) lastKeepalive.set(from, text);
      lines.push(`${((atUs - startUs) / 1e6).toFixed(3).padStart(8)} ${from} ${text}`);
    }
    return lines.slice(-limit);
  }

  /** Types of the messages that a host sent, with `info` where there is one, without keepalives. */
  said(name: string): string[] {
    return this.heard.filter((one) => one.from === name && !one.keepalive).map((one) => one.text);
  }

  private note(from: string, datagram: CapturedDatagram): void {
    const { text, keepalive } = describe(datagram.bytes);
    this.heard.push({ atUs: datagram.atUs, from, text, keepalive });
    if (this.heard.length > heardLimit) this.heard = this.heard.slice(heardLimit / 2);
  }
}

function describe(bytes: Uint8Array): { text: string; keepalive: boolean } {
  const seal = findNetstringSeal(bytes);
  const message = seal.ok ? decodeNetstring(bytes, seal.value.coveredEnd) : seal;
  if (!message.ok) return { text: `unreadable (${message.problem.code})`, keepalive: false };
  const type = textOf(message.value, 't') ?? 'no type';
  const keepalive = type === 'status';
  const fields = message.value.fields.filter(({ name }) => !everyday.has(name)).map(shown);
  const number = keepalive ? '' : `#${textOf(message.value, 'seq') ?? '-'} `;
  return { text: `${number}${type} ${fields.join(' ')}`, keepalive };
}

function shown({ name, value }: Field): string {
  return `${name}=${typeof value === 'string' ? value : '<bytes>'}`;
}
