/**
 * The journals of a round: replayed with the core that wrote them they must come to the same decisions and states, and a
 * core with one decision changed must not. The changed ones are copies of the built product in the lab's own memory.
 */
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exec } from '../lab/processes.ts';
import { storageDirectory } from '../lab/storage.ts';
import { nodeNames, type ProtectionKind } from './configuration.ts';
import type { World } from './world.ts';

export interface ReplayedJournal {
  readonly node: string;
  readonly events: number;
  readonly decisions: number;
  readonly daemons: number;
  readonly statesCompared: number;
  /** What could not be replayed: a full disk and a cut of power leave gaps, which are no difference. */
  readonly gaps: readonly string[];
  readonly divergence: unknown;
  readonly code: number;
}

export interface ChangedCore {
  readonly name: string;
  /** Nodes whose journal this core does not come out of as it was written. */
  readonly refusedBy: readonly string[];
}

interface Change {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** The decision is never asked for without a fence device. */
  readonly onlyWith?: ProtectionKind;
}

const changes: readonly Change[] = [
  {
    name: 'starts what the owner has merely not started',
    file: 'core/ownership.js',
    find: 'if (!isOwner && !isOffered(letter))',
    replace: 'if (false && !isOwner && !isOffered(letter))',
  },
  {
    name: 'takes over on silence although there is a fence device',
    file: 'core/ownership.js',
    find: 'if (peer.fencingRequired)',
    replace: 'if (false)',
    onlyWith: 'fence',
  },
];

const product = join(import.meta.dirname, '..', '..');

export async function replayJournals(world: World): Promise<ReplayedJournal[]> {
  const replayed: ReplayedJournal[] = [];
  for (const node of nodeNames) replayed.push(await replay(world, node, product));
  return replayed;
}

/** `wasNeeded`: somebody fell silent, so that the decision about it was made at all. */
export async function tryChangedCores(world: World, wasNeeded: boolean): Promise<ChangedCore[]> {
  const tried: ChangedCore[] = [];
  for (const [index, change] of changes.entries()) {
    if (change.onlyWith !== undefined && (change.onlyWith !== world.protection || !wasNeeded)) continue;
    const copy = build(change, storageDirectory(`changed-core-${world.lab.number}-${index}`));
    const refusedBy: string[] = [];
    for (const node of nodeNames) if ((await replay(world, node, copy)).divergence !== undefined) refusedBy.push(node);
    tried.push({ name: change.name, refusedBy });
  }
  return tried;
}

function build({ name, file, find, replace }: Change, directory: string): string {
  const copy = join(directory, 'dist');
  for (const part of ['src', 'resource-agents']) cpSync(join(product, part), join(copy, part), { recursive: true });
  cpSync(join(product, '..', 'package.json'), join(directory, 'package.json'));
  symlinkSync(join(product, '..', 'node_modules'), join(directory, 'node_modules'));
  const path = join(copy, 'src', file);
  const text = readFileSync(path, 'utf8');
  if (text.split(find).length !== 2) throw new Error(`a core that ${name}: its text must stand once in ${file}`);
  writeFileSync(
    path,
    text.replace(find, () => replace),
  );
  return copy;
}

/** Both daemons have ended: the journal is whole. */
async function replay(world: World, node: string, dist: string): Promise<ReplayedJournal> {
  const journal = join(world.lab.host(node).stateDirectory, 'journal');
  const args = [join(dist, 'src', 'bin', 'pairbeat.js'), 'replay', journal, '--json'];
  const { stdout, stderr } = await exec(process.execPath, args, undefined, { timeoutMs: 120_000 });
  if (stdout === '')
    throw new Error(`pairbeat replay said nothing about the journal of ${node}: ${stderr.slice(0, 500)}`);
  const answer = JSON.parse(stdout) as {
    readonly replay?: Omit<ReplayedJournal, 'node' | 'gaps' | 'code'> & {
      readonly gaps: readonly { readonly what: string }[];
    };
    readonly status: { readonly code: number; readonly message: string };
  };
  if (answer.replay === undefined)
    throw new Error(`the journal of ${node} cannot be replayed: ${answer.status.message}`);
  const { events, decisions, daemons, statesCompared, gaps, divergence } = answer.replay;
  const whats = gaps.map((gap) => gap.what);
  return { node, events, decisions, daemons, statesCompared, gaps: whats, divergence, code: answer.status.code };
}
