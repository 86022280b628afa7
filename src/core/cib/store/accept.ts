/**
 * The peer's version becomes ours, if it follows what is current here. One that settles a divergence is accepted together with the
 * version that lost: if that is only on the other node, a copy is fetched first, so that either node can go back to it.
 */
import type { Entry, VersionFile } from './entry.ts';
import type { Current } from './load.ts';
import { currentDigest, type Incoming, type Step, send } from './state.ts';
import { sendHead } from './synchronize.ts';
import { askAgainUs } from './transfer.ts';
import { verifiedVersion } from './verify.ts';
import { isAbove } from './version.ts';
import { fileOfVersion } from './versions.ts';
import { beginWork } from './work.ts';

/** A peer that cannot find the copy does not hold up the version. */
const copyAsksMax = 20;

/** Begins the work, or asks for what it needs, or gives the version up. The caller has seen that nothing else is under way. */
export function acceptIfWhole(step: Step): void {
  const { state } = step;
  const incoming = state.incoming.version;
  if (incoming?.whole === undefined) return;
  const file = verifiedVersion(incoming.whole, state.options.sha256);
  if (file === undefined) delete state.incoming.version;
  else if (!follows(step, incoming, file)) {
    delete state.incoming.version;
    sendHead(step, true);
  } else {
    const aside = lostVersion(step, incoming, file.entry);
    if (aside === 'awaited') return;
    delete state.incoming.version;
    beginWork(step, { kind: 'accept' }, { ...file, bytes: incoming.whole }, aside);
  }
}

function follows({ state }: Step, { base }: Incoming, { entry }: VersionFile): boolean {
  return base === currentDigest(state) && isAbove(entry.version, state.current?.entry.version);
}

/** What must be put aside before this version is taken. */
function lostVersion(step: Step, incoming: Incoming, { settled }: Entry): readonly Current[] | 'awaited' {
  const { state, nowUs } = step;
  const { current, options } = state;
  if (settled === undefined) return [];
  if (current?.entry.digest === settled.lost) return [current];
  if (fileOfVersion(state, settled.lost) !== undefined) return [];
  const copy = state.incoming.copy?.whole;
  const file = copy === undefined ? undefined : verifiedVersion(copy, options.sha256);
  if (copy !== undefined && file?.entry.digest === settled.lost) {
    delete state.incoming.copy;
    return [{ ...file, bytes: copy }];
  }
  if (incoming.asked >= copyAsksMax) return [];
  if (nowUs >= incoming.askAtUs || state.wanted !== settled.lost) {
    incoming.asked += 1;
    incoming.askAtUs = nowUs + askAgainUs;
    state.wanted = settled.lost;
    send(step, { kind: 'want', digest: settled.lost });
  }
  return 'awaited';
}
