/** Serial lines as pseudo terminals: frames pass whole, two programs do not share one, and a line may come back. */
import { afterEach, describe, expect, it } from 'vitest';
import type { SerialLink } from '../../../src/core/config/configuration.ts';
import type { Problem } from '../../../src/core/result.ts';
import { linkId } from '../../../src/core/types.ts';
import { createSerialNetwork } from '../../../src/io/serial/network.ts';
import type { Network } from '../../../src/ports/network.ts';
import { createSerialLine, type SerialLine } from '../../lab/serial-line.ts';
import { soon } from '../../soon.ts';

const cleanup: (() => void)[] = [];
afterEach(() => {
  for (const act of cleanup.splice(0).reverse()) act();
});

function makeLine(): SerialLine {
  const line = createSerialLine();
  cleanup.push(() => line.close());
  return line;
}

interface Station {
  readonly network: Network;
  readonly link: SerialLink;
  readonly heard: string[];
  readonly problems: Problem[];
  readonly recovered: string[];
}

function station(device: string): Station {
  const link: SerialLink = { id: linkId(`serial${device}`), kind: 'serial', device, baud: 460_800 };
  const network = createSerialNetwork([link], { nowUs: () => performance.now() * 1000, retryIntervalMs: 20 });
  cleanup.push(() => network.close());
  return { network, link, heard: [], problems: [], recovered: [] };
}

function open({ network, heard, problems, recovered }: Station): ReturnType<Network['open']> {
  return network.open({
    datagram: (_link, bytes) => void heard.push(Buffer.from(bytes).toString()),
    linkProblem: (_link, problem) => void problems.push(problem),
    linkRecovered: (link) => void recovered.push(link),
  });
}

const frame = (text: string): Uint8Array => Buffer.from(`>>>\n${text}\n<<<\n`);

describe('the network over serial lines', () => {
  it('carries frames whole, both ways, whatever comes between them', async () => {
    const line = makeLine();
    const [left, right] = line.ends.map(station) as [Station, Station];
    for (const one of [left, right]) expect(await open(one)).toEqual({ ok: true, value: [] });
    left.network.transmit(left.link.id, frame('a=1'));
    line.disturb(1, Buffer.from('\xff\x00noise\n', 'latin1'));
    left.network.transmit(left.link.id, frame(`b=${'x'.repeat(3000)}`));
    right.network.transmit(right.link.id, frame('c=3'));
    await soon(() => {
      expect(right.heard).toEqual(['a=1', `b=${'x'.repeat(3000)}`].map((text) => `>>>\n${text}\n<<<\n`));
      expect(left.heard).toEqual(['>>>\nc=3\n<<<\n']);
    });
  });

  it('does not share a line with another program, and takes it when that has gone', async () => {
    const line = makeLine();
    const [first, second] = [station(line.ends[0]), station(line.ends[0])];
    await open(first);
    const refused = await open(second);
    expect(!refused.ok && refused.problem.fields['first']).toBe('serial-in-use');
    first.network.close();
    const third = station(line.ends[0]);
    expect((await open(third)).ok).toBe(true);
  });

  it('says that a line is missing, and which', async () => {
    const absent = station('/dev/pairbeat-no-such-line');
    const opened = await open(absent);
    expect(!opened.ok && opened.problem).toMatchObject({
      code: 'no-link-opens',
      fields: { first: 'serial-open-failed', device: '/dev/pairbeat-no-such-line', error: 'ENOENT' },
    });
  });

  it('notices that a line was pulled out', async () => {
    const line = createSerialLine();
    const one = station(line.ends[0]);
    await open(one);
    line.close();
    await soon(() => expect(one.problems.map(({ code }) => code)).toContain('serial-lost'));
    one.network.transmit(one.link.id, frame('a=1'));
  });

  it('loses what would have to wait longer than a second, and says so', async () => {
    const line = makeLine();
    const slow = station(line.ends[0]);
    const link: SerialLink = { ...slow.link, baud: 9600 };
    const network = createSerialNetwork([link], { nowUs: () => performance.now() * 1000 });
    cleanup.push(() => network.close());
    const reader = { ...slow, network };
    await open(reader);
    // In one go, so that nobody can have read in between: a second's worth is 960 bytes.
    for (let count = 0; count < 100; count++) network.transmit(link.id, frame('y'.repeat(900)));
    expect(reader.problems.map(({ code, fields }) => [code, fields['error']])).toEqual([
      ['link-send-failed', 'EAGAIN'],
    ]);
    network.transmit(link.id, frame('z'.repeat(20_000)));
    expect(reader.problems.at(-1)?.fields['error']).toBe('EMSGSIZE');
  });
});
