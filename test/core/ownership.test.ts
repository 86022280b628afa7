import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Operation } from '../../src/core/agents.ts';
import { BrokenInvariant } from '../../src/core/assert.ts';
import type { FenceProof } from '../../src/core/fencing/fencing-state.ts';
import { type GroupLetter, isHeld, isOffered, letterMeaning } from '../../src/core/haresources/letters.ts';
import {
  authorizeStart,
  effectiveOwner,
  evidenceFor,
  evidenceForPart,
  type OwnershipFacts,
  type PeerFacts,
} from '../../src/core/ownership.ts';
import { groupKey, nodeName } from '../../src/core/types.ts';
import { type Exploration, explore, type Limits, type Rules } from './ownership-model.ts';

const node1 = nodeName('node1');
const node2 = nodeName('node2');
const letters = Object.keys(letterMeaning) as GroupLetter[];

describe('a peer in contact', () => {
  const held = (letter: string) => `start-refused-held-by-peer letter=${letter}`;
  it.each<[GroupLetter | 'none', string, string]>([
    // said by the peer, to the owner, to the other node
    ['none', 'start-refused-unknown-to-peer', 'start-refused-unknown-to-peer'],
    ['-', 'peerConfirmedStopped', 'start-refused-not-offered letter=-'],
    ['o', 'peerConfirmedStopped', 'peerConfirmedStopped'],
    ['x', 'peerConfirmedStopped', 'peerConfirmedStopped'],
    ['s', held('s'), held('s')],
    ['r', held('r'), held('r')],
    ['p', held('p'), held('p')],
    ['f', held('f'), held('f')],
    ['u', held('u'), held('u')],
  ])('that says %s lets the owner: %s; the other node: %s', (letter, toOwner, toOther) => {
    const statement = letter === 'none' ? undefined : { letter, owner: node1 };
    expect(answer({ ownerByUs: node1 }, { statement })).toBe(toOwner);
    expect(answer({ ownerByUs: node2 }, { statement: statement && { ...statement, owner: node2 } })).toBe(toOther);
  });

  it('is quoted in the evidence: who said what, and in which version', () => {
    const result = evidenceFor(
      facts({}, { generation: 7, reportVersion: 12, statement: { letter: 'o', owner: node1 } }),
    );
    expect(result).toEqual({
      ok: true,
      value: { kind: 'peerConfirmedStopped', peerGeneration: 7, reportVersion: 12, letter: 'o' },
    });
  });

  it('proves nothing with a report that is not fresh, or that has not seen our withdrawal', () => {
    expect(answer({}, { fresh: false })).toBe('start-refused-no-fresh-report');
    expect(answer({ withdrawnAtVersion: 8 }, { ack: 7 })).toBe('start-refused-withdrawal-not-seen');
    expect(answer({ withdrawnAtVersion: 8 }, { ack: 8 })).toBe('peerConfirmedStopped');
    expect(answer({ withdrawnAtVersion: 8 }, { ack: 7, statement: { letter: 'o', owner: node1 } })).toBe(
      'start-refused-withdrawal-not-seen',
    );
  });

  it('is not overruled by an operator: what it holds it holds', () => {
    expect(answer({ operatorWord: 'root' }, { statement: { letter: 'f', owner: node1 } })).toBe(held('f'));
  });
});

describe('a peer that is gone', () => {
  it.each<[string, Partial<PeerFacts>, string]>([
    ['left', { presence: 'left' }, 'peerShutDown'],
    ['silent', { presence: 'silent' }, 'unprotected peerSeen'],
    ['never seen, while it may still come', { presence: 'never' }, 'start-refused-peer-not-seen'],
    ['never seen during initdead', { presence: 'never', initdeadPassed: true }, 'unprotected'],
  ])('%s', (_, peer, expected) => {
    expect(answer({}, peer)).toBe(expected);
    // Its last letter, its freshness and its acknowledgements say nothing any more.
    expect(answer({ withdrawnAtVersion: 9 }, { ...peer, fresh: false, ack: 0 })).toBe(expected);
    expect(answer({ ownerByUs: node2 }, { ...peer, statement: { letter: 'r', owner: node2 } })).toBe(expected);
    // S9
    const stuck = { ...peer, failedStop: true };
    const waits = expected === 'start-refused-peer-not-seen';
    expect(answer({}, stuck)).toBe(waits ? expected : 'start-refused-failed-stop-at-peer');
    expect(answer({ operatorWord: 'root' }, stuck)).toBe(waits ? expected : 'operator root');
  });

  it('fenced: the evidence says by which device, which incarnation, and when', () => {
    const proof = deviceProof(5);
    expect(evidenceFor(facts({}, { presence: 'silent', fencingRequired: true, proof }))).toEqual({
      ok: true,
      value: {
        kind: 'peerFenced',
        device: 'ipmi',
        action: 'reset',
        verified: true,
        peerGeneration: 5,
        requestedUs: 10,
        confirmedUs: 20,
      },
    });
  });

  it('silent: the evidence says since when, and by which view of the links', () => {
    const gone = { presence: 'silent', silentSinceUs: 5, deadtimeMs: 300, linkViewVersion: 3 } as const;
    expect(evidenceFor(facts({}, gone))).toEqual({
      ok: true,
      value: { kind: 'unprotected', peerSeen: true, silentSinceUs: 5, deadtimeMs: 300, linkViewVersion: 3 },
    });
  });
});

describe('the gate', () => {
  it('answers every combination of facts as the rules say, first rule first', () => {
    let permitted = 0;
    for (const combination of everything()) {
      const said = answer(combination, combination.peer);
      expect(said, JSON.stringify(combination)).toBe(byTheBook(combination));
      if (!said.startsWith('start-refused')) permitted++;
    }
    expect(permitted).toBeGreaterThan(100);
  });

  it('lets nothing pass but starts with evidence', () => {
    const operation: Operation = {
      id: 1,
      group: groupKey('vip'),
      index: 0,
      resource: { written: '10.0.0.1', kind: 'script', type: 'IPaddr', args: ['10.0.0.1'] },
      action: 'start',
      timeoutMs: 1000,
    };
    const evidence = { kind: 'peerShutDown', peerGeneration: 3 } as const;
    expect(authorizeStart(operation, evidence)).toEqual({ type: 'operation', operation, evidence });
    expect(() => authorizeStart(operation, undefined)).toThrow('S2: start of vip without evidence');
    for (const action of ['stop', 'status', 'announce'] as const)
      expect(() => authorizeStart({ ...operation, action }, evidence)).toThrow(BrokenInvariant);
  });
});

describe('a part of a group that is held here', () => {
  const sinceUs = 5_000_000;
  const first = { kind: 'peerShutDown', peerGeneration: 3 } as const;

  it('names what the first start rested on, also after many changes, and no more than that', () => {
    const part = evidenceForPart('s', { sinceUs, first });
    expect(part).toEqual({ kind: 'heldHere', sinceUs, first: 'peerShutDown' });
    expect(evidenceForPart('s', { sinceUs, first: part })).toEqual(part);
  });

  it('was adopted where this daemon has not started it', () => {
    const part = evidenceForPart('s', { sinceUs, first: undefined });
    expect(part).toEqual({ kind: 'heldHere', sinceUs, first: 'adopted' });
    expect(evidenceForPart('s', { sinceUs, first: part })).toEqual(part);
  });

  it('is not started once the group has been let go of', () => {
    for (const letter of letters.filter((candidate) => candidate !== 's'))
      expect(() => evidenceForPart(letter, { sinceUs, first }), letter).toThrow(BrokenInvariant);
  });
});

describe('the owner of a group', () => {
  it('is the same on both sides, whatever the two files say', () => {
    const name = fc.constantFrom('node1', 'node2');
    fc.assert(
      fc.property(name, name, (here, there) => {
        expect(effectiveOwner(here, there)).toBe(effectiveOwner(there, here));
        expect([here, there]).toContain(effectiveOwner(here, there));
      }),
    );
    expect(effectiveOwner('node2', 'node1')).toBe('node1');
    expect(effectiveOwner('node2', undefined)).toBe('node2');
  });
});

describe('two nodes in contact', () => {
  it('never both have evidence for one group from the same pair of letters', () => {
    const owner = fc.constantFrom(node1, node2);
    const version = fc.nat(6);
    fc.assert(
      fc.property(
        fc.record({ letter: fc.constantFrom(...letters), owner, withdrawnAt: version, ack: version }),
        fc.record({ letter: fc.constantFrom(...letters), owner, withdrawnAt: version, ack: version }),
        (one, two) => {
          const here = answer(
            { self: node1, ownLetter: one.letter, ownerByUs: one.owner, withdrawnAtVersion: one.withdrawnAt },
            { ack: two.ack, statement: two },
          );
          const there = answer(
            { self: node2, ownLetter: two.letter, ownerByUs: two.owner, withdrawnAtVersion: two.withdrawnAt },
            { ack: one.ack, statement: one },
          );
          expect([here, there]).not.toEqual(['peerConfirmedStopped', 'peerConfirmedStopped']);
        },
      ),
      { numRuns: 3000 },
    );
  });

  /**
   * The precise rule. Each node has a history of letters, one for each version it published; the other has read some
   * version of it, perhaps not the last. What it acknowledged in the report that we read is at most what it has read.
   */
  it('nor when each has read only an older letter of the other, as long as acknowledgements are true', () => {
    const history = fc.array(fc.constantFrom<GroupLetter>('-', 'o', 's', 'x'), { minLength: 1, maxLength: 8 });
    const owner = fc.constantFrom(node1, node2);
    let oneHadIt = 0;
    fc.assert(
      fc.property(history, history, fc.nat(7), fc.nat(7), fc.nat(7), fc.nat(7), owner, (...drawn) => {
        const [before1, before2, readBy1, readBy2, ack1, ack2, ownerOf] = drawn;
        const said1: GroupLetter[] = [...before1, '-'];
        const said2: GroupLetter[] = [...before2, '-'];
        // Versions count from 1.
        const version2 = Math.min(readBy1 + 1, said2.length);
        const version1 = Math.min(readBy2 + 1, said1.length);
        const here = view(node1, ownerOf, said1, said2, version2, Math.min(ack2, version1));
        const there = view(node2, ownerOf, said2, said1, version1, Math.min(ack1, version2));
        if (here !== there) oneHadIt++;
        expect([here, there]).not.toEqual(['peerConfirmedStopped', 'peerConfirmedStopped']);
      }),
      { numRuns: 3000 },
    );
    expect(oneHadIt).toBeGreaterThan(100);
  });

  it('do both have it once an acknowledgement is forged', () => {
    expect(view(node1, node1, ['o', '-'], ['-'], 1, 2)).toBe('peerConfirmedStopped');
    expect(view(node2, node1, ['-'], ['o', '-'], 1, 0)).toBe('peerConfirmedStopped');
  });
});

describe('every order of reading, starting, offering, withdrawing and coming back', () => {
  const real: Rules = { facts: (each) => each, believesEveryReport: false };
  const oneLife: Limits = { versions: [4, 3], generations: [1, 1] };
  const ownerReturns: Limits = { versions: [2, 2], generations: [2, 1] };
  const otherReturns: Limits = { versions: [2, 2], generations: [1, 2] };

  it.each([
    ['within one life', oneLife],
    ['the owner comes back', ownerReturns],
    ['the other comes back', otherReturns],
  ])('never ends with the group on both nodes: %s', (_, limits) => {
    const explored = explore(real, limits);
    expect(explored.doubleStart).toBeUndefined();
    expect(explored.starts).toBeGreaterThan(100);
  });

  it('does without rule 1, when the other node need not wait for an offer', () => {
    const anybody = (each: OwnershipFacts): OwnershipFacts => ({
      ...each,
      ownerByUs: each.self,
      peer: alone(each.peer),
    });
    const alone = (peer: PeerFacts): PeerFacts => ({
      ...peer,
      statement: peer.statement && { letter: peer.statement.letter, owner: 'node9' },
    });
    expectDouble(explore({ ...real, facts: anybody }, oneLife));
  });

  it('does without rule 2, when a report counts that was meant for an earlier life', () => {
    expectDouble(explore({ ...real, believesEveryReport: true }, ownerReturns));
    const nothingYet = { letter: '-', owner: node1 } as const;
    const alwaysFresh = ({ peer, ...each }: OwnershipFacts) => ({
      ...each,
      peer: { ...peer, fresh: true, statement: peer.statement ?? nothingYet },
    });
    expectDouble(explore({ ...real, facts: alwaysFresh }, ownerReturns));
  });

  it('does without rule 3, when a withdrawal need not be acknowledged', () => {
    const forgetful = (each: OwnershipFacts) => ({ ...each, withdrawnAtVersion: 0 });
    expectDouble(explore({ ...real, facts: forgetful }, oneLife));
  });
});

function expectDouble(explored: Exploration): void {
  expect(explored.doubleStart?.filter((step) => step.endsWith('starts'))).toHaveLength(2);
}

function facts(changes: Partial<Omit<OwnershipFacts, 'peer'>> = {}, peer: Partial<PeerFacts> = {}): OwnershipFacts {
  return {
    mayAct: true,
    ownLetter: '-',
    withdrawnAtVersion: 0,
    ownerByUs: node1,
    self: node1,
    operatorWord: undefined,
    ...changes,
    peer: {
      presence: 'up',
      generation: 5,
      fresh: true,
      reportVersion: 9,
      ack: 4,
      statement: { letter: '-', owner: node1 },
      failedStop: false,
      silentSinceUs: 1000,
      deadtimeMs: 300,
      linkViewVersion: 2,
      initdeadPassed: false,
      fencingRequired: false,
      proof: undefined,
      ...peer,
    },
  };
}

function answer(changes: Partial<Omit<OwnershipFacts, 'peer'>>, peer: Partial<PeerFacts>): string {
  const result = evidenceFor(facts({ ...changes }, peer));
  if (!result.ok) {
    const { code, fields } = result.problem;
    return [code, ...Object.entries(fields).map(([name, value]) => `${name}=${value}`)].join(' ');
  }
  const { value } = result;
  if (value.kind === 'unprotected') return value.peerSeen ? 'unprotected peerSeen' : 'unprotected';
  return value.kind === 'operator' ? `operator ${value.who}` : value.kind;
}

/** What a node may do that has said `ours`, and has read the other's `read`th word in a report that acknowledged `ack`. */
function view(
  self: typeof node1,
  ownerByUs: typeof node1,
  ours: readonly GroupLetter[],
  theirs: readonly GroupLetter[],
  read: number,
  ack: number,
): string {
  let withdrawnAtVersion = 0;
  ours.forEach((letter, index) => {
    if (index > 0 && isOffered(ours[index - 1]!) && !isOffered(letter)) withdrawnAtVersion = index + 1;
  });
  return answer(
    { self, ownerByUs, ownLetter: ours.at(-1)!, withdrawnAtVersion },
    { ack, reportVersion: read, statement: { letter: theirs[read - 1]!, owner: ownerByUs } },
  );
}

function* everything(): Generator<OwnershipFacts> {
  const both = [true, false];
  const statements = [
    undefined,
    ...letters.flatMap((letter) => [node1, node2].map((owner) => ({ letter, owner: owner as string }))),
  ];
  for (const mayAct of both)
    for (const ownLetter of letters)
      for (const withdrawnAtVersion of [0, 5])
        for (const ownerByUs of [node1, node2])
          for (const operatorWord of [undefined, 'root'])
            for (const presence of ['never', 'up', 'silent', 'left'] as const)
              for (const fresh of both)
                for (const statement of statements)
                  for (const failedStop of both)
                    for (const initdeadPassed of both)
                      yield facts(
                        { mayAct, ownLetter, withdrawnAtVersion, ownerByUs, operatorWord },
                        { presence, fresh, statement, failedStop, initdeadPassed },
                      );
  for (const mayAct of both)
    for (const ownLetter of letters)
      for (const operatorWord of [undefined, 'root'])
        for (const presence of ['never', 'up', 'silent', 'left'] as const)
          for (const statement of statements.slice(0, 9))
            for (const failedStop of both)
              for (const initdeadPassed of both)
                for (const fencingRequired of both)
                  for (const proof of [undefined, deviceProof(5), deviceProof(4), deviceProof(0), operatorProof])
                    yield facts(
                      { mayAct, ownLetter, operatorWord },
                      { presence, statement, failedStop, initdeadPassed, fencingRequired, proof },
                    );
}

/** By the device, of that incarnation; the one that this node knows is 5. */
function deviceProof(peerGeneration: number): FenceProof {
  const times = { requestedUs: 10, confirmedUs: 20 };
  return { by: 'device', name: 'ipmi', action: 'reset', verified: true, peerGeneration, ...times };
}

const operatorProof: FenceProof = { ...deviceProof(5), by: 'operator', name: 'admin', action: 'word', verified: false };

/** The rules once more, in another shape: a list of objections in order of precedence. */
function byTheBook({ mayAct, ownLetter, withdrawnAtVersion, ownerByUs, operatorWord, peer }: OwnershipFacts): string {
  const letter = peer.statement?.letter ?? '-';
  const up = peer.presence === 'up';
  const gone = peer.presence === 'silent' || peer.presence === 'never';
  const proven = gone && peer.proof !== undefined && (peer.presence === 'never' || peer.proof.peerGeneration === 5);
  const owns = [ownerByUs as string, peer.statement?.owner ?? ownerByUs].sort()[0] === 'node1';
  const objections: [boolean, string][] = [
    [!mayAct, 'start-refused-not-member'],
    [ownLetter !== '-', `start-refused-not-stopped-here letter=${ownLetter}`],
    [up && !peer.fresh, 'start-refused-no-fresh-report'],
    [up && withdrawnAtVersion > 4, 'start-refused-withdrawal-not-seen'],
    [up && peer.statement === undefined, 'start-refused-unknown-to-peer'],
    [up && isHeld(letter), `start-refused-held-by-peer letter=${letter}`],
    [up && !owns && !isOffered(letter), `start-refused-not-offered letter=${letter}`],
    [gone && !proven && peer.presence === 'never' && !peer.initdeadPassed, 'start-refused-peer-not-seen'],
    [gone && !proven && peer.fencingRequired, 'start-refused-peer-not-fenced'],
    [!up && !proven && peer.failedStop && operatorWord === undefined, 'start-refused-failed-stop-at-peer'],
  ];
  const objection = objections.find(([applies]) => applies);
  if (objection !== undefined) return objection[1];
  if (up) return 'peerConfirmedStopped';
  if (proven) return peer.proof?.by === 'operator' ? 'operator admin' : 'peerFenced';
  if (peer.failedStop) return `operator ${operatorWord}`;
  return { left: 'peerShutDown', silent: 'unprotected peerSeen', never: 'unprotected', up: '' }[peer.presence];
}
