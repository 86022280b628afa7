/** L4: while one link works, the loss of another is told and moves nothing. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { transportView } from '../../../src/core/transport/machine.ts';
import { messageOf } from '../../../src/core/transport/message.ts';
import { linkA, linkB, ms, Pair } from './harness.ts';

const names = ['node1', 'node2'] as const;

describe('while one link works', () => {
  it('the other may come and go, in each direction for itself, and the peer is heard throughout', () => {
    const outages = fc.array(
      fc.record({ node1: fc.boolean(), node2: fc.boolean(), durationMs: fc.integer({ min: 10, max: 900 }) }),
      {
        minLength: 3,
        maxLength: 8,
      },
    );
    fc.assert(
      fc.property(outages, fc.constantFrom(linkA, linkB), (phases, broken) => {
        const pair = new Pair({ links: [linkA, linkB] }).start('node1', 'node2').run(ms(500));
        phases.forEach((phase, index) => {
          pair.network = ({ from, link }) => (link === broken && phase[from] ? [] : [100]);
          for (const name of names) pair.send(name, messageOf('resource', { n: String(index) }));
          pair.run(ms(phase.durationMs));
        });
        for (const name of names) {
          expect(pair.heard(name, 'peerHeard')).toHaveLength(1);
          for (const type of ['peerSilent', 'lateHeartbeat', 'ownPause'] as const)
            expect(pair.heard(name, type)).toEqual([]);
          expect(pair.delivered(name, 'resource', 'n')).toEqual(phases.map((_, index) => String(index)));
        }
      }),
      { numRuns: 25 },
    );
  });

  it('the other is reported down after the deadtime and up with its first news', () => {
    const pair = new Pair({ links: [linkA, linkB] }).start('node1', 'node2').run(ms(520));
    const lastHeardUs = transportView(pair.members.node2.state).links[0]!.lastHeardUs!;
    pair.network = ({ link }) => (link === linkA ? [] : [100]);
    pair.run(ms(1000));
    const [down] = pair.heard('node2', 'linkState').slice(-1);
    expect(down).toMatchObject({ atUs: lastHeardUs + ms(300), event: { link: linkA, up: false } });
    pair.network = () => [100];
    pair.run(ms(110));
    expect(pair.heard('node2', 'linkState').at(-1)!.event).toMatchObject({ link: linkA, up: true });
  });
});
