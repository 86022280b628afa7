/** What every implementation of the ping port must do; runs on real sockets (loopback), the ping command, and the twin. */
import { afterEach, describe, expect, it } from 'vitest';
import type { PingTarget } from '../../../src/core/config/configuration.ts';
import { createPing } from '../../../src/io/ping/ping.ts';
import type { Ping } from '../../../src/ports/ping.ts';
import { soon } from '../../soon.ts';
import { createPingTwin } from '../../twins/ping-twin.ts';

/** One answers. The other is of a class that nobody may use. */
const here: PingTarget = { address: '127.0.0.1', family: 4 };
const here6: PingTarget = { address: '::1', family: 6 };
const nobody: PingTarget = { address: '240.0.0.1', family: 4 };

const implementations: readonly { readonly name: string; readonly make: () => Ping }[] = [
  { name: 'sockets', make: () => createPing() },
  { name: 'ping command', make: () => createPing({ native: undefined }) },
  { name: 'in-memory twin', make: () => createPingTwin(['127.0.0.1', '::1']) },
];

describe.each(implementations)('ping port: $name', ({ name, make }) => {
  const opened: Ping[] = [];
  afterEach(() => {
    for (const ping of opened.splice(0)) ping.close();
  });

  function open(...targets: PingTarget[]): { readonly ping: Ping; readonly answers: string[] } {
    const ping = make();
    opened.push(ping);
    const answers: string[] = [];
    const problems = ping.open(targets, { answered: (address) => void answers.push(address) });
    expect(problems.map((problem) => problem.code)).toEqual(
      name === 'ping command' ? [...new Set(targets.map((target) => target.family))].map(() => 'ping-by-command') : [],
    );
    return { ping, answers };
  }

  it('tells of an address that answers', async () => {
    const { ping, answers } = open(here);
    ping.ask([here]);
    await soon(() => expect(answers).toEqual(['127.0.0.1']));
  });

  it('does the same over IPv6', async () => {
    const { ping, answers } = open(here, here6);
    ping.ask([here6]);
    await soon(() => expect(answers).toEqual(['::1']));
  });

  it('may be asked about an address that it was not opened for', async () => {
    const { ping, answers } = open(here);
    ping.ask([here6]);
    await soon(() => expect(answers).toEqual(['::1']));
  });

  it('says nothing of an address where nobody is', async () => {
    const { ping, answers } = open(nobody, here);
    ping.ask([nobody, here]);
    await soon(() => expect(answers).toEqual(['127.0.0.1']));
  });

  it('tells of each question once', async () => {
    const { ping, answers } = open(here);
    ping.ask([here]);
    await soon(() => expect(answers).toHaveLength(1));
    ping.ask([here]);
    await soon(() => expect(answers).toHaveLength(2));
    ping.ask([]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(answers).toHaveLength(2);
  });

  it('is silent once it is closed, and may be closed twice', async () => {
    const { ping, answers } = open(here);
    ping.ask([here]);
    ping.close();
    ping.ask([here]);
    ping.close();
    const other = open(here);
    other.ping.ask([here]);
    await soon(() => expect(other.answers).toHaveLength(1));
    expect(answers).toEqual([]);
  });
});
