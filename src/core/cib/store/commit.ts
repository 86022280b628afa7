/**
 * A commit asked for here or by the peer: checked against the current version, given its number, made durable, and then answered
 * once the peer has confirmed it, or with the reason why it is on this node only. A candidate made from an older version is
 * refused with what changed since; nothing is merged.
 */
import { failure, type Problem, type Result, success } from '../../result.ts';
import { bestOf, relationTo } from './ancestry.ts';
import { differenceOf } from './difference.ts';
import { type Digest, type Entry, encodeVersionFile, type Sha256, tidyName } from './entry.ts';
import type { Current } from './load.ts';
import type { Outcome } from './messages.ts';
import { documentBytesMax } from './parts.ts';
import { readRootVersion, withoutRootVersion, withRootVersion } from './root-element.ts';
import { entriesOf, isRingFile } from './shelf.ts';
import {
  type Asker,
  type Candidate,
  type Committed,
  commitTimeUs,
  currentDigest,
  numberingOf,
  outcomesMax,
  type Step,
  type StoreState,
  send,
  type Waiting,
  waitingMax,
} from './state.ts';
import { nextVersion, versionText } from './version.ts';
import { beginWork } from './work.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();
/** Versions in between that a refusal names, and what it may say of each. */
const toldVersions = 4;
const toldLength = 300;

export function enqueue(step: Step, candidate: Candidate, asker: Asker): void {
  const { state, nowUs } = step;
  if (state.waiting.length >= waitingMax) answer(step, asker, failure('configuration-busy', { waiting: waitingMax }));
  else state.waiting.push({ candidate, asker, answerByUs: nowUs + commitTimeUs });
}

/** Whether what the peer has is known and not in the way of a new version. */
export function mayCommit(state: StoreState): boolean {
  const { isMember, leads, head } = state.peer;
  if (!isMember) return true;
  const relation = head === undefined ? 'apart' : relationTo(state, head);
  return relation === 'same' || (leads && relation === 'ahead');
}

/** The caller has seen that nothing else is under way. */
export function beginCommit(step: Step, { candidate, asker, answerByUs }: Waiting): void {
  const { state } = step;
  const problem = objection(state, candidate);
  if (problem !== undefined) return answer(step, asker, { ok: false, problem });
  if (state.current !== undefined && changesNothing(candidate, state.current))
    return answer(step, asker, success(unchanged(state, state.current)));
  const next = versionFrom(state, candidate, asker);
  if (!next.ok) return answer(step, asker, next);
  beginWork(step, { kind: 'commit', asker, answerByUs }, next.value);
}

/** The result, to whoever asked. */
export function answer(step: Step, asker: Asker | undefined, result: Result<Committed>): void {
  if (asker === undefined) return;
  if (asker.from === 'here') {
    step.effects.push({ type: 'answer', id: asker.id, result });
    return;
  }
  const { request } = asker;
  const outcome: Outcome = result.ok
    ? { ok: true, version: result.value.version, digest: result.value.digest }
    : { ok: false, code: result.problem.code, fields: textFields(result.problem) };
  remember(step.state, request, outcome);
  send(step, { kind: 'outcome', request, outcome });
}

function remember({ outcomes }: StoreState, request: Digest, outcome: Outcome): void {
  outcomes.set(request, outcome);
  const [oldest] = outcomes.keys();
  if (outcomes.size > outcomesMax && oldest !== undefined) outcomes.delete(oldest);
}

/** Why this candidate cannot become a version, as far as this node knows. */
export function objection(state: StoreState, candidate: Candidate): Problem | undefined {
  const { condition } = state;
  if ((condition === 'foreign' || condition === 'unreadable') && candidate.adopts !== true)
    return condition === 'foreign'
      ? { code: 'configuration-foreign', fields: {} }
      : { code: 'configuration-unreadable', fields: {} };
  if (candidate.parent !== currentDigest(state)) return staleProblem(state, candidate);
  const bytes = encoder.encode(candidate.document).length;
  if (bytes > documentBytesMax) return { code: 'configuration-too-large', fields: { bytes, limit: documentBytesMax } };
  if (readRootVersion(candidate.document) === undefined) return { code: 'configuration-without-root', fields: {} };
  return undefined;
}

export function textOf({ document }: Current): string {
  return decoder.decode(document);
}

/** A document as the file of a version; `entry` gets its digest from it. */
export function currentFrom(document: string, entry: Omit<Entry, 'digest'>, sha256: Sha256): Current {
  const bytes = encoder.encode(document);
  const file = { document: bytes, entry: { ...entry, digest: sha256(bytes) } };
  return { ...file, bytes: encodeVersionFile(file, sha256) };
}

function versionFrom(state: StoreState, candidate: Candidate, asker: Asker): Result<Current> {
  const { current, options, peer } = state;
  const wished = readRootVersion(candidate.document)!;
  const below = [current === undefined ? wished : current.entry.version];
  const version = nextVersion(below, wished, numberingOf(state));
  if (version === undefined) return failure('configuration-version-exhausted');
  const document = withRootVersion(candidate.document, version);
  const entry: Omit<Entry, 'digest'> = {
    version,
    parent: currentDigest(state),
    who: tidyName(candidate.who),
    when: tidyName(candidate.when),
    tool: tidyName(candidate.tool),
    node: tidyName(asker.from === 'here' ? options.node : asker.node),
    difference: current === undefined ? [] : differenceOf(textOf(current), document),
    ...(asker.from === 'peer' ? { request: asker.request } : {}),
    ...(peer.isMember ? {} : { alone: bestOf(state.apart, state.live) }),
  };
  return success(currentFrom(document, entry, options.sha256));
}

/** A higher admin_epoch is a change, even alone. */
function changesNothing({ document }: Candidate, current: Current): boolean {
  if (readRootVersion(document)!.adminEpoch > current.entry.version.adminEpoch) return false;
  return withoutRootVersion(document) === withoutRootVersion(textOf(current));
}

function unchanged(state: StoreState, { entry: { version, digest } }: Current): Committed {
  const { isMember, head } = state.peer;
  const isOnBoth = isMember && head !== undefined && relationTo(state, head) === 'same';
  if (isOnBoth) return { version, digest, where: 'both' };
  return { version, digest, where: 'here', notice: hereOnly(isMember ? 'slow' : 'alone', '') };
}

/** The notice of a commit that is on this node only. */
export function hereOnly(why: 'alone' | 'gone' | 'slow' | 'refused', detail: string): Problem {
  return { code: 'configuration-committed-here', fields: { why, detail } };
}

function staleProblem(state: StoreState, { parent }: Candidate): Problem {
  const entries = entriesOf(state.shelf, isRingFile);
  const known = entries.findIndex(({ digest }) => digest === parent);
  const since = known < 0 ? entries : entries.slice(0, known);
  const told = since.slice(0, toldVersions).map(describeEntry);
  const more = since.length - told.length;
  return {
    code: 'configuration-stale',
    fields: {
      based: known < 0 ? '?' : versionText(entries[known]!.version),
      current: versionText(state.current?.entry.version),
      changes: [...told, ...(more > 0 ? [`and ${more} earlier`] : [])].join('; '),
    },
  };
}

function describeEntry({ version, who, tool, node, when, difference }: Entry): string {
  const changes = difference.join(' ').slice(0, toldLength);
  return `${versionText(version)} by ${who} with ${tool} on ${node}, ${when}${changes === '' ? '' : `: ${changes}`}`;
}

function textFields({ fields }: Problem): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)]));
}
