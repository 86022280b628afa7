/**
 * Wrong versions of the configuration store, one change each. A checker that they do not trigger proves nothing: each must be caught
 * within a bounded number of rounds. The text must occur exactly once in its file.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundleWorker } from '../sim/mutation/bundle.ts';
import { root } from '../sim/mutation/root.ts';
import type { RoundResult } from './round.ts';
import type { everyStep } from './steps.ts';

export interface StoreMutant {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** The rule of the checker that objects, where others would only see the consequences. */
  readonly rule?: string;
  /** A round that has caught it, tried first. Without: the commit that is cut at each of its steps. */
  readonly round?: number;
}

export const mostRounds = 150;
/** Ways of what a power cut leaves, for each step of a commit, that are tried first. */
const stepSeeds = 4;
const store = 'src/core/cib/store';

export const storeMutants: readonly StoreMutant[] = [
  {
    name: 'the directory is not synced after a file got its name',
    file: 'src/io/plain-files.ts',
    find: "    yield { do: 'syncDirectory', path: directory };\n  });\n}\n\nexport function removePlain",
    replace: '  });\n}\n\nexport function removePlain',
    rule: 'S12 durable',
  },
  {
    name: 'a file is written in its place',
    file: 'src/io/plain-files.ts',
    find: "yield { do: 'rename', from: fresh, to: path };",
    replace: "yield { do: 'writeSynced', path, bytes };",
  },
  {
    name: 'what a start has read is believed before it is sure',
    file: 'src/io/plain-files.ts',
    find: "  try {\n    yield { do: 'syncDirectory', path: directory };\n  } catch",
    replace: '  try {\n  } catch',
  },
  {
    name: 'a version goes to cib.xml only',
    file: `${store}/work.ts`,
    find: '    { name: ring, bytes: next.bytes, entry: next.entry, isVital: true },\n    { name: currentFile, bytes: next.bytes, entry: undefined, isVital: false },\n  ]);\n}\n\n/** What a start',
    replace:
      '    { name: currentFile, bytes: next.bytes, entry: undefined, isVital: true },\n  ]);\n}\n\n/** What a start',
  },
  {
    name: 'a version is confirmed to the peer when it is offered',
    file: `${store}/store.ts`,
    find: 'if (fileOf(state.shelf, digest, isRingFile) !== undefined)',
    replace: 'if (true)',
    rule: 'S12 durable',
  },
  {
    name: 'committed on both is said before the peer has confirmed',
    file: `${store}/store.ts`,
    find: '    state.unconfirmed = { asker, version, digest, answerByUs: nowUs + confirmTimeUs };',
    replace: "    answer(step, asker, { ok: true, value: { version, digest, where: 'both' } });",
    rule: 'S12 durable',
  },
  {
    name: 'a peer that went away has confirmed',
    file: `${store}/synchronize.ts`,
    find: "value: { version, digest, where: 'here', notice: hereOnly('gone', '') }",
    replace: "value: { version, digest, where: 'both' }",
    rule: 'S12 durable',
  },
  {
    name: 'the higher epoch wins when histories have diverged',
    file: `${store}/ancestry.ts`,
    find: '  const mine = standingSince(own, peer);',
    replace:
      "  if (own.current!.version.epoch !== peer.current!.version.epoch)\n    return { winner: own.current!.version.epoch > peer.current!.version.epoch ? 'own' : 'peer', reason: 'leads' };\n  const mine = standingSince(own, peer);",
    rule: 'S13 right side',
    round: 7,
  },
  {
    name: 'what spoke for a node before the last common version counts again',
    file: `${store}/ancestry.ts`,
    find: '.slice(0, common < 0 ? side.chain.length : common)',
    replace: '',
    rule: 'S13 right side',
    round: 40,
  },
  {
    name: 'what spoke for a node that was alone is not written down',
    file: `${store}/commit.ts`,
    find: '...(peer.isMember ? {} : { alone: bestOf(state.apart, state.live) }),',
    replace: '',
    rule: 'S13 facts',
    round: 2,
  },
  {
    name: 'a settlement is above the winner only',
    file: `${store}/settle.ts`,
    find: 'nextVersion([won.entry.version, lost.entry.version],',
    replace: 'nextVersion([won.entry.version],',
    round: 6,
  },
  {
    name: 'what loses is not kept',
    file: `${store}/settle.ts`,
    find: "beginWork(step, { kind: 'settle' }, next, [lost])",
    replace: "beginWork(step, { kind: 'settle' }, next, [])",
    rule: 'S13 archived',
    round: 2,
  },
  {
    name: 'a version of the peer is taken whatever it follows',
    file: `${store}/accept.ts`,
    find: 'return base === currentDigest(state) && isAbove(',
    replace: 'return isAbove(',
    round: 40,
  },
  {
    name: 'a commit may be made from any version',
    file: `${store}/commit.ts`,
    find: '  if (candidate.parent !== currentDigest(state)) return staleProblem(state, candidate);\n',
    replace: '  if (candidate.parent === undefined) return staleProblem(state, candidate);\n',
    rule: 'based on the current one',
    round: 1,
  },
  {
    name: 'a version that could not be written stays in its file',
    file: `${store}/work.ts`,
    find: '  work.failed = problem;\n  emit(step, work, { name: write.name, bytes: undefined });\n  return undefined;',
    replace: '  return { ok: false, problem, isUncertain: false };',
    round: 2,
  },
  {
    name: 'both nodes make the same numbers',
    file: `${store}/version.ts`,
    find: '(epoch % 2 === parity ? 0 : 1)',
    replace: '(parity < 2 ? 0 : 1)',
    rule: 'S11 one digest',
    round: 2,
  },
  {
    name: 'a file is believed whatever its digest',
    file: `${store}/entry.ts`,
    find: 'entry === undefined || sha256(document) !== entry.digest',
    replace: 'entry === undefined',
    round: 26,
  },
  {
    name: 'what cannot be offered is not offered again',
    file: `${store}/synchronize.ts`,
    find: "  else if (isRetry) {\n    resendOffer(step, 'version');",
    replace: '  else if (isRetry) {',
    rule: 'comes to rest',
    round: 17,
  },
];

interface Bundle {
  readonly runRound: (seed: number) => RoundResult;
  readonly everyStep: typeof everyStep;
}

export interface Caught {
  /** 0: by the commit that is cut at each of its steps. */
  readonly rounds: number;
  readonly rules: readonly string[];
}

/** `undefined`: no round objected, or not by the rule that should. */
export async function roundsUntilCaught(mutant: StoreMutant, rounds: number): Promise<Caught | undefined> {
  const scratch = mkdtempSync(join(tmpdir(), 'pairbeat-store-mutant-'));
  try {
    const outfile = join(scratch, 'round.mjs');
    await bundleWorker(outfile, changedBy(mutant), 'test/store/all.ts');
    const { runRound, everyStep: stepByStep } = (await import(pathToFileURL(outfile).href)) as Bundle;
    const isCaught = (rules: readonly string[]): boolean =>
      mutant.rule === undefined ? rules.length > 0 : rules.includes(mutant.rule);
    const known = mutant.round === undefined ? [] : objectionsOf(runRound, mutant.round);
    if (isCaught(known)) return { rounds: 1, rules: known };
    const atSteps = stepObjections(stepByStep, isCaught);
    if (atSteps !== undefined) return { rounds: 0, rules: atSteps };
    for (let seed = 1; seed <= rounds; seed++) {
      const rules = objectionsOf(runRound, seed);
      if (isCaught(rules)) return { rounds: seed, rules };
    }
    return undefined;
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

function stepObjections(
  stepByStep: typeof everyStep,
  isCaught: (rules: readonly string[]) => boolean,
): readonly string[] | undefined {
  let found: readonly string[] | undefined;
  try {
    stepByStep(stepSeeds, ({ objections }) => {
      const rules = objections.map(({ rule }) => rule);
      if (isCaught(rules)) found = rules;
      return found !== undefined;
    });
  } catch (error) {
    return [`thrown: ${String(error)}`];
  }
  return found;
}

/** An assertion of the store or of its files that gives way counts too. */
function objectionsOf(runRound: (seed: number) => RoundResult, seed: number): readonly string[] {
  try {
    return runRound(seed).objections.map(({ rule }) => rule);
  } catch (error) {
    return [`thrown: ${String(error)}`];
  }
}

export function changedBy({ name, file, find, replace }: StoreMutant): ReadonlyMap<string, string> {
  const text = readFileSync(join(root, file), 'utf8');
  if (text.split(find).length !== 2) throw new Error(`${name}: the text is not there exactly once`);
  return new Map([[file, text.replace(find, () => replace)]]);
}
