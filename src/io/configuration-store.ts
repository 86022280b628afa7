/**
 * The configuration store on a real disk: reads what is there, then runs the pure store (src/core/cib/store/) event by event and
 * carries out its effects in their order. Whoever owns it brings the peer's messages, membership and the time.
 */
import { createHash } from 'node:crypto';
import type { Digest, Sha256, VersionFile } from '../core/cib/store/entry.ts';
import { createLoader, type FileContent, type Loaded } from '../core/cib/store/load.ts';
import type { StoreMessage } from '../core/cib/store/messages.ts';
import { fileBytesMax } from '../core/cib/store/parts.ts';
import { allFiles } from '../core/cib/store/shelf.ts';
import type {
  Candidate,
  Committed,
  StoreEffect,
  StoreEvent,
  StoreOptions,
  StoreState,
} from '../core/cib/store/state.ts';
import { createStore, dueUs, stepStore } from '../core/cib/store/store.ts';
import { again, fileOfVersion, type KnownVersion, readVersion, versionsOf } from '../core/cib/store/versions.ts';
import { failure, type Problem, type Result, success } from '../core/result.ts';
import type { PlainFiles } from '../ports/plain-files.ts';

export const nodeSha256: Sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

export interface StoreHooks {
  /** Microseconds of the clock that `dueUs` speaks of. */
  readonly nowUs: () => number;
  readonly send: (message: StoreMessage) => void;
  readonly onChanged: (effect: StoreEffect & { readonly type: 'changed' }) => void;
  readonly onProblem: (problem: Problem) => void;
}

export interface ConfigurationStore {
  readonly state: StoreState;
  /** Resolves when it is committed, or will not be. */
  commit(candidate: Candidate): Promise<Result<Committed>>;
  /** The content of an earlier or lost version as a new commit. */
  commitAgain(digest: Digest, asker: Pick<Candidate, 'who' | 'when' | 'tool'>): Promise<Result<Committed>>;
  versions(): readonly KnownVersion[];
  read(digest: Digest): Promise<Result<VersionFile>>;
  /** Anything but a commit: messages, membership, standing, time. */
  handle(event: StoreEvent): void;
  dueUs(): number;
}

export async function openConfigurationStore(
  files: PlainFiles,
  options: Omit<StoreOptions, 'sha256'>,
  hooks: StoreHooks,
): Promise<Result<ConfigurationStore>> {
  const loaded = await loadVersions(files);
  return loaded.ok ? success(runStore(files, { ...options, sha256: nodeSha256 }, loaded.value, hooks)) : loaded;
}

/** A failing disk is a damaged file; what cannot even be opened (a wrong owner, say) is no start. */
export async function loadVersions(files: PlainFiles): Promise<Result<Loaded>> {
  const loader = createLoader(nodeSha256);
  for (const name of allFiles) {
    const read = await files.read(name, fileBytesMax);
    if (!read.ok && read.problem.code !== 'disk-failed') return read;
    loader.add(name, read.ok ? contentOf(read.value) : 'unreadable');
  }
  const sure = await files.makeSure();
  return sure.ok ? success(loader.finish()) : sure;
}

function contentOf(bytes: Uint8Array | undefined): FileContent {
  if (bytes === undefined) return 'missing';
  return bytes.length > fileBytesMax ? 'unreadable' : bytes;
}

function runStore(files: PlainFiles, options: StoreOptions, loaded: Loaded, hooks: StoreHooks): ConfigurationStore {
  const { state, effects } = createStore(options, loaded);
  const answers = new Map<number, (result: Result<Committed>) => void>();
  let lastId = 0;

  const handle = (event: StoreEvent): void => carryOut(stepStore(state, event, hooks.nowUs()));

  function carryOut(list: readonly StoreEffect[]): void {
    for (const effect of list) {
      switch (effect.type) {
        case 'replace':
          void afterWriting(effect.id, files.replace(effect.name, effect.bytes));
          break;
        case 'remove':
          void afterWriting(effect.id, files.remove(effect.name));
          break;
        case 'read':
          void afterReading(effect.digest, files.read(effect.name, fileBytesMax));
          break;
        case 'send':
          hooks.send(effect.message);
          break;
        case 'answer':
          answers.get(effect.id)?.(effect.result);
          answers.delete(effect.id);
          break;
        case 'changed':
          hooks.onChanged(effect);
          break;
        case 'report':
          hooks.onProblem(effect.problem);
          break;
      }
    }
  }

  async function afterWriting(id: number, written: Promise<Result<void>>): Promise<void> {
    handle({ type: 'written', id, result: await written });
  }

  async function afterReading(digest: Digest, read: Promise<Result<Uint8Array | undefined>>): Promise<void> {
    const bytes = await read;
    handle({ type: 'read', digest, bytes: bytes.ok ? bytes.value : undefined });
  }

  const commit = (candidate: Candidate): Promise<Result<Committed>> => {
    const id = ++lastId;
    return new Promise((resolve) => {
      answers.set(id, resolve);
      handle({ type: 'commit', id, candidate });
    });
  };

  const read = async (digest: Digest): Promise<Result<VersionFile>> => {
    const name = fileOfVersion(state, digest);
    if (name === undefined) return failure('configuration-version-unknown', { version: digest });
    const bytes = await files.read(name, fileBytesMax);
    if (!bytes.ok) return bytes;
    const file = bytes.value === undefined ? undefined : readVersion(bytes.value, digest, options.sha256);
    return file === undefined ? failure('configuration-version-damaged', { file: name, used: '' }) : success(file);
  };

  carryOut(effects);
  return {
    state,
    handle,
    commit,
    commitAgain: async (digest, asker) => {
      const file = await read(digest);
      if (!file.ok) return file;
      const candidate = again(file.value, state, asker);
      return candidate === undefined ? failure('configuration-without-root') : commit(candidate);
    },
    versions: () => versionsOf(state),
    read,
    dueUs: () => dueUs(state),
  };
}
