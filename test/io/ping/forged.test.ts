/** Answers that no question of ours brought do not count, whoever sends them. */
import { describe, expect, it } from 'vitest';
import { intBytes, type Libc, linux } from '../../../src/io/libc.ts';
import { createPing } from '../../../src/io/ping/ping.ts';
import type { Ping } from '../../../src/ports/ping.ts';

/** A kernel with one raw ICMP socket: what is sent is noted, and what is to be received is put in by the test. */
function fakeKernel(): { readonly native: Libc; readonly sent: Uint8Array[]; readonly inbox: Uint8Array[] } {
  const sent: Uint8Array[] = [];
  const inbox: Uint8Array[] = [];
  const native = {
    socket: (_family: number, type: number) => ((type & 0xf) === linux.SOCK_DGRAM ? -1 : 7),
    setsockopt: () => 0,
    addressOf: () => 0n,
    longBytes: 8,
    sendto: (_fd: number, bytes: Uint8Array) => {
      sent.push(bytes.slice());
      return bytes.length;
    },
    recvfrom: (_fd: number, bytes: Uint8Array, _length: number, _flags: number, address: Uint8Array) => {
      const next = inbox.shift();
      if (next === undefined) return -1;
      address.set(next.subarray(12, 16), 4);
      bytes.set(next);
      return next.length;
    },
    close: () => 0,
    lastError: () => 'EAGAIN',
  } as unknown as Libc;
  return { native, sent, inbox };
}

/** An IPv4 packet from that address with the reply to a request. */
function replyTo(request: Uint8Array, source: readonly number[], change?: (reply: Uint8Array) => void): Uint8Array {
  const packet = new Uint8Array(20 + request.length);
  packet[0] = 0x45;
  packet.set(source, 12);
  packet.set(request, 20);
  packet[20] = 0;
  change?.(packet.subarray(20));
  return packet;
}

const target = { address: '10.0.0.1', family: 4 } as const;

describe('an echo reply', () => {
  interface Asked extends ReturnType<typeof fakeKernel> {
    readonly answers: string[];
    readonly ping: Ping;
    readonly request: Uint8Array;
    /** The next question looks at the socket first. */
    readonly look: () => void;
  }

  function asked(): Asked {
    const kernel = fakeKernel();
    const answers: string[] = [];
    const ping = createPing({ native: kernel.native });
    expect(ping.open([target], { answered: (address) => void answers.push(address) })).toEqual([]);
    ping.ask([target]);
    const request = kernel.sent[0]!;
    return { ...kernel, answers, ping, request, look: () => ping.ask([]) };
  }

  it('counts when it is the answer to the question', () => {
    const { inbox, answers, request, look, ping } = asked();
    inbox.push(replyTo(request, [10, 0, 0, 1]));
    look();
    expect(answers).toEqual(['10.0.0.1']);
    ping.close();
  });

  const flipped =
    (at: number) =>
    (reply: Uint8Array): void => {
      reply[at] = reply[at]! ^ 1;
    };

  it.each<readonly [string, (reply: Uint8Array) => void, readonly number[]]>([
    ['a token that was guessed', (reply) => reply.fill(0x41, 8), [10, 0, 0, 1]],
    ['one bit of the token wrong', flipped(23), [10, 0, 0, 1]],
    ['another identifier', flipped(5), [10, 0, 0, 1]],
    ['another sequence number', flipped(7), [10, 0, 0, 1]],
    ['another sender', () => {}, [10, 0, 0, 2]],
    ['another type', flipped(0), [10, 0, 0, 1]],
  ])('does not count with %s', (_what, change, source) => {
    const { inbox, answers, request, look, ping } = asked();
    inbox.push(replyTo(request, source, change));
    look();
    expect(answers).toEqual([]);
    ping.close();
  });

  it('does not count when it was cut', () => {
    const { inbox, answers, request, look, ping } = asked();
    inbox.push(replyTo(request, [10, 0, 0, 1]).slice(0, -1));
    look();
    expect(answers).toEqual([]);
    ping.close();
  });

  it('counts once, however often it comes', () => {
    const { inbox, answers, request, look, ping } = asked();
    inbox.push(replyTo(request, [10, 0, 0, 1]), replyTo(request, [10, 0, 0, 1]));
    look();
    expect(answers).toEqual(['10.0.0.1']);
    ping.close();
  });

  it('is read without harm whatever it is', () => {
    const { inbox, answers, look, ping } = asked();
    for (let length = 0; length < 64; length++) inbox.push(new Uint8Array(length).fill(0x4f));
    look();
    expect(answers).toEqual([]);
    ping.close();
  });

  it('uses a new token for every question', () => {
    const { sent, ping } = asked();
    ping.ask([target]);
    expect(sent).toHaveLength(2);
    expect(sent[0]!.subarray(8)).not.toEqual(sent[1]!.subarray(8));
    expect(intBytes(1)).toHaveLength(4);
    ping.close();
  });
});
