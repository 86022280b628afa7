import { describe, expect, it } from 'vitest';
import { again, fileOfVersion, readVersion, versionsOf } from '../../../../src/core/cib/store/versions.ts';
import { nodeSha256 } from '../../../../src/io/configuration-store.ts';
import { cib, Pair } from './pair.ts';

/** Both know a common version and then commit alone, beta more often. */
function diverged(prepare: (pair: Pair) => void = () => {}): Pair {
  const pair = new Pair();
  pair.meet();
  pair.alpha.commit(cib('<common/>'));
  pair.run();
  pair.part();
  prepare(pair);
  pair.alpha.commit(cib('<alpha/>'));
  for (const number of [1, 2, 3]) pair.beta.commit(cib(`<beta n="${number}"/>`));
  return pair;
}

describe('diverged histories', () => {
  it.each([
    ['beta fenced', (pair: Pair) => pair.beta.stand({ fenced: true }), '<beta n="3"/>', 'fenced'],
    ['alpha fenced, beta had quorum', both({ fenced: true }, { quorum: true, held: 9 }), '<alpha/>', 'fenced'],
    ['alpha had quorum, beta ran more', both({ quorum: true }, { held: 9 }), '<alpha/>', 'quorum'],
    ['beta ran more', both({ held: 1 }, { held: 2 }), '<beta n="3"/>', 'held'],
    ['nothing speaks for either: the coordinator', () => {}, '<alpha/>', 'leads'],
  ] as const)('%s', (_, prepare, content, reason) => {
    const pair = diverged(prepare);
    pair.meet();
    expect(pair.alpha.document).toContain(content);
    expect(pair.beta.document).toBe(pair.alpha.document);
    expect(pair.alpha.state.current?.entry.settled?.reason).toBe(reason);
  });

  it('end in a version above both, and what lost is kept and reported on both', () => {
    const pair = diverged();
    const lost = pair.beta.state.current!.entry;
    pair.meet();
    for (const node of [pair.alpha, pair.beta]) {
      expect(node.state.current!.entry.version.epoch).toBeGreaterThan(lost.version.epoch);
      expect(node.reports).toMatchObject([{ code: 'configuration-diverged', fields: { digest: lost.digest } }]);
      expect(
        versionsOf(node.state)
          .filter(({ place }) => place === 'lost')
          .map(({ entry }) => entry),
      ).toEqual([lost]);
      const bytes = node.files.get(fileOfVersion(node.state, lost.digest)!)!;
      expect(readVersion(bytes, lost.digest, nodeSha256)?.entry).toEqual(lost);
    }
  });

  it('count what spoke for a node also after it has started again', () => {
    const pair = diverged((each) => each.beta.stand({ fenced: true }));
    pair.beta.restart();
    pair.meet();
    expect(pair.alpha.document).toContain('<beta n="3"/>');
  });

  it('count nothing from before the last version that both know', () => {
    const pair = diverged((each) => each.beta.stand({ fenced: true }));
    pair.beta.stand({});
    pair.meet();
    pair.part();
    pair.alpha.commit(cib('<alpha n="later"/>'));
    pair.beta.commit(cib('<beta n="later"/>'));
    pair.meet();
    expect(pair.alpha.document).toContain('<alpha n="later"/>');
  });

  it('are settled again when the settlement was lost on the way', () => {
    const pair = diverged();
    pair.alpha.handle({ type: 'peer', isMember: true, leads: true });
    pair.beta.handle({ type: 'peer', isMember: true, leads: false });
    const { deliver } = pair.alpha;
    pair.alpha.deliver = (message) => {
      if (message.kind !== 'offer') deliver(message);
    };
    pair.run();
    expect(pair.alpha.state.current?.entry.settled).toBeDefined();
    pair.alpha.deliver = deliver;
    pair.part();
    pair.beta.commit(cib('<beta n="more"/>'));
    pair.beta.stand({ fenced: true });
    pair.meet();
    expect(pair.alpha.document).toContain('<beta n="more"/>');
    expect(pair.beta.document).toBe(pair.alpha.document);
  });

  it('let what lost be committed again by one call', () => {
    const pair = diverged();
    const lost = pair.beta.state.current!.entry;
    pair.meet();
    const { alpha } = pair;
    const file = readVersion(alpha.files.get(fileOfVersion(alpha.state, lost.digest)!)!, lost.digest, nodeSha256)!;
    const candidate = again(file, alpha.state, { who: 'ines', when: 'later', tool: 'crm' })!;
    alpha.commit(candidate.document, candidate);
    pair.run();
    expect(alpha.lastAnswer()).toMatchObject({ ok: true, value: { where: 'both' } });
    expect(pair.beta.document).toContain('<beta n="3"/>');
  });

  it.each(['lost', 'winner'] as const)(
    'never count as confirmed what the other node has no file of: the %s',
    (side) => {
      const pair = diverged((each) => each.alpha.stand(side === 'winner' ? {} : { fenced: true }));
      const digest = pair.beta.state.current!.entry.digest;
      if (side === 'winner') pair.beta.stand({ fenced: true });
      pair.meet();
      pair.alpha.sent.length = 0;
      const offer = { purpose: 'version', file: digest, bytes: 5, base: '', sum: '', data: new Uint8Array(5) } as const;
      pair.alpha.handle({ type: 'message', message: { kind: 'offer', digest, ...offer } });
      expect(pair.alpha.sent.map(({ kind }) => kind)).toEqual(['head']);
    },
  );

  it('refuse nothing to a commit that waits, and make it stale', () => {
    const pair = diverged();
    pair.alpha.handle({ type: 'peer', isMember: true, leads: true });
    expect(pair.alpha.commit(cib('<c/>'))).toBe(undefined);
    pair.meet();
    expect(pair.alpha.lastAnswer()).toMatchObject({ problem: { code: 'configuration-stale' } });
  });
});

describe('a node that is only behind', () => {
  it.each([
    ['a node without anything', (pair: Pair) => pair.beta.files.clear()],
    ['an older version', () => {}],
  ])('takes over what the other has: %s', (_, prepare) => {
    const pair = new Pair();
    pair.meet();
    pair.alpha.commit(cib('<a/>'));
    pair.run();
    pair.part();
    for (const number of [1, 2, 3]) pair.alpha.commit(cib(`<a n="${number}"/>`));
    prepare(pair);
    pair.beta.restart();
    pair.meet();
    expect(pair.beta.document).toContain('<a n="3"/>');
    expect(pair.beta.reports).toEqual([]);
  });
});

type Facts = Parameters<Pair['alpha']['stand']>[0];

function both(alpha: Facts, beta: Facts): (pair: Pair) => void {
  return (pair) => {
    pair.alpha.stand(alpha);
    pair.beta.stand(beta);
  };
}
