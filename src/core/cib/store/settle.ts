/**
 * Both nodes committed while they did not see each other. Nothing is merged: two halves of different plans are a plan of nobody.
 * The coordinator fetches the other's current version, decides by what spoke for each side (ancestry.ts), and makes a new version
 * above both with the winner's content. The version that lost is kept on both nodes, reported, and can be committed again. (S13)
 */
import type { Problem } from '../../result.ts';
import { decide, relationTo } from './ancestry.ts';
import { currentFrom, textOf } from './commit.ts';
import { differenceOf } from './difference.ts';
import type { Entry, Settlement } from './entry.ts';
import type { Current } from './load.ts';
import { withRootVersion } from './root-element.ts';
import { numberingOf, report, type Step, type StoreState } from './state.ts';
import { verifiedVersion } from './verify.ts';
import { nextVersion, noVersion, versionText } from './version.ts';
import { beginWork } from './work.ts';

/** When the peer's version has come; the caller has seen that nothing else is under way. */
export function settleIfWhole(step: Step): void {
  const { state } = step;
  const bytes = state.incoming.copy?.whole;
  const { leads, head } = state.peer;
  if (bytes === undefined || !leads || head === undefined || relationTo(state, head) !== 'apart') return;
  delete state.incoming.copy;
  settle(step, bytes);
}

function settle(step: Step, bytes: Uint8Array): void {
  const { state } = step;
  const { current, peer, options, wanted } = state;
  const file = verifiedVersion(bytes, options.sha256);
  state.wanted = undefined;
  if (file === undefined || current === undefined || peer.head?.current === undefined) return;
  if (file.entry.digest !== wanted || file.entry.digest !== peer.head.current.digest) return;
  const theirs: Current = { ...file, bytes };
  const { winner, reason } = decide(state, peer.head);
  const [won, lost] = winner === 'own' ? [current, theirs] : [theirs, current];
  const next = settled(state, won, lost, reason);
  if (next !== undefined) beginWork(step, { kind: 'settle' }, next, [lost]);
}

/** Both nodes say so, each once, when the settling version has become durable there. */
export function reportSettlement(step: Step, { settled }: Entry): void {
  if (settled !== undefined) report(step, settlementProblem(settled));
}

function settlementProblem({ winnerVersion, lostVersion, lost, reason }: Settlement): Problem {
  return {
    code: 'configuration-diverged',
    fields: { winner: versionText(winnerVersion), lost: versionText(lostVersion), digest: lost, reason },
  };
}

function settled(state: StoreState, won: Current, lost: Current, reason: Settlement['reason']): Current | undefined {
  const version = nextVersion([won.entry.version, lost.entry.version], noVersion, numberingOf(state));
  if (version === undefined) return undefined;
  const document = withRootVersion(textOf(won), version);
  const settlement: Settlement = {
    winner: won.entry.digest,
    winnerVersion: won.entry.version,
    lost: lost.entry.digest,
    lostVersion: lost.entry.version,
    reason,
  };
  return currentFrom(
    document,
    {
      version,
      parent: won.entry.digest,
      who: won.entry.who,
      when: won.entry.when,
      tool: 'settlement',
      node: state.options.node,
      difference: differenceOf(textOf(lost), document),
      settled: settlement,
    },
    state.options.sha256,
  );
}
