import { describe, expect, it } from 'vitest';
import { linkId, usPerSecond } from '../../../src/core/types.ts';
import { createLinkHealth, type LinkHealth } from '../../../src/io/udp/link-health.ts';

const link = linkId('bcast/eth0');
const missing = { code: 'device-missing', fields: { device: 'eth0' } };

describe('health of a link', () => {
  it('says nothing while everything works', () => {
    const { health, said } = setUp();
    health.opened(undefined);
    for (let count = 0; count < 10; count += 1) health.sent(undefined);
    expect(said).toEqual([]);
    expect(health.troubled).toBe(false);
  });

  it('reports the first failure at once, later ones once a minute with the number lost', () => {
    const { health, said, at } = setUp();
    for (let second = 0; second <= 125; second += 1) {
      at(second);
      health.sent('ENETUNREACH');
    }
    expect(said).toEqual([
      '0 link-send-failed ENETUNREACH lost 1',
      '60 link-send-failed ENETUNREACH lost 61',
      '120 link-send-failed ENETUNREACH lost 121',
    ]);
  });

  it('reports another error at once', () => {
    const { health, said } = setUp();
    for (const error of ['ENOBUFS', 'ENOBUFS', 'ENETDOWN']) health.sent(error);
    expect(said).toEqual(['0 link-send-failed ENOBUFS lost 1', '0 link-send-failed ENETDOWN lost 3']);
  });

  it('is well again after a second without a failure, not after each datagram that gets through', () => {
    const { health, said, at } = setUp();
    for (let tenth = 0; tenth < 10; tenth += 1) {
      at(tenth / 10);
      health.sent(tenth % 2 === 0 ? 'EAGAIN' : undefined);
    }
    expect(said).toEqual(['0 link-send-failed EAGAIN lost 1']);
    expect(health.troubled).toBe(true);
    at(1.9);
    health.sent(undefined);
    expect(said.slice(1)).toEqual(['1.9 recovered']);
    expect(health.troubled).toBe(false);
  });

  it('recovers when its device is back', () => {
    const { health, said, at } = setUp();
    health.opened(missing);
    at(1);
    health.opened(missing);
    at(2);
    health.opened(undefined);
    expect(said).toEqual(['0 device-missing undefined lost undefined', '2 recovered']);
  });

  it('recovers only when both its sockets and its sending work', () => {
    const { health, said, at } = setUp();
    health.sent('ENODEV');
    health.opened(missing);
    at(5);
    health.opened(undefined);
    expect(said.some((line) => line.endsWith('recovered'))).toBe(false);
    health.sent(undefined);
    expect(said.at(-1)).toBe('5 recovered');
  });
});

function setUp(): { readonly health: LinkHealth; readonly said: string[]; at(seconds: number): void } {
  let nowUs = 0;
  const said: string[] = [];
  const health = createLinkHealth(link, () => nowUs, {
    linkProblem: (_, { code, fields }) => {
      const { error, lost } = fields;
      said.push(`${nowUs / usPerSecond} ${code} ${error} lost ${lost}`);
    },
    linkRecovered: () => said.push(`${nowUs / usPerSecond} recovered`),
  });
  return {
    health,
    said,
    at: (seconds) => {
      nowUs = Math.round(seconds * usPerSecond);
    },
  };
}
