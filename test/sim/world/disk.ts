/**
 * The disk of one machine under the product's own procedures for its small files (src/io/durable-file.ts,
 * src/io/node-identity.ts, src/daemon/records.ts): the same steps in the same order, in virtual time. It can be slow, refuse a
 * write in each way that a disk knows, spoil a bit, and lose power between any two steps.
 */

import { type Result, success } from '../../../src/core/result.ts';
import type { PersistedPeer } from '../../../src/core/transport/state.ts';
import type { NodeName } from '../../../src/core/types.ts';
import { NewestWrites } from '../../../src/daemon/newest-write.ts';
import {
  peersContent,
  peersFile,
  readRecords,
  recordContent,
  type WrittenDown,
  withPeer,
} from '../../../src/daemon/records.ts';
import { readDurableFile, writeDurableFile } from '../../../src/io/durable-file.ts';
import type { FileAnswer, FileProcedure, FileStep } from '../../../src/io/file-procedure.ts';
import { beginGeneration } from '../../../src/io/node-identity.ts';
import { OldOrNew } from '../checkers/s14-old-or-new.ts';
import { Draw } from './draw.ts';
import type { Machine } from './machine.ts';
import { fileError, Platter } from './platter.ts';

export interface DiskFaults {
  /** Factor on the usual time. */
  slowness: number;
  fails: number;
}

const directory = '/var/lib/heartbeat';
/** How one write fails: no space, an error that only the sync tells of, one of the directory's sync, a disk gone read-only. */
const failures = ['ENOSPC', 'EIO at fsync', 'EIO at the directory', 'EROFS'] as const;
type Failing = (typeof failures)[number];

/** Of the time that a write takes. */
const shareOfContent = 0.6;

export class SimDisk {
  readonly faults: DiskFaults = { slowness: 1, fails: 0 };
  /** The highest that a daemon here has ever had. */
  generation = 0;
  /** Power is lost when this many more steps have been taken. */
  #pull: { steps: number; readonly pulled: () => void } | undefined;
  readonly #machine: Machine;
  readonly #platter = new Platter();
  readonly #draw: Draw;
  readonly #oldOrNew: OldOrNew;
  #peers: readonly PersistedPeer[] = [];
  #writes = this.#newWrites();
  #waiting: (() => void)[] = [];
  #busy = false;
  #forgotPeer = false;

  constructor(machine: Machine) {
    this.#machine = machine;
    this.#draw = new Draw(machine.world.seed, `disk of ${machine.name}`);
    this.#oldOrNew = new OldOrNew(machine);
  }

  /** What a new daemon does with it before anything else; `undefined`: it cannot start (or the power went meanwhile). */
  open(): { readonly generation: number; readonly written: WrittenDown } | undefined {
    this.#waiting = [];
    this.#writes = this.#newWrites();
    this.#busy = false;
    const fails = this.faults.fails > 0 && this.#draw.chance(this.faults.fails);
    const generation = this.#atOnce(this.#nextGeneration(), fails ? this.#draw.pick(failures) : undefined);
    if (generation === undefined) return undefined;
    if (!generation.ok) return this.#cannotStart(generation.problem.code);
    const written = this.#readRecords();
    if (written === undefined) return undefined;
    if (!written.ok) return this.#cannotStart(written.problem.code);
    this.#peers = written.value.persistedPeers;
    this.#oldOrNew.usedGeneration(generation.value);
    this.generation = Math.max(this.generation, generation.value);
    return { generation: generation.value, written: written.value };
  }

  get peers(): readonly PersistedPeer[] {
    return this.#peers;
  }

  savePeer(node: NodeName, uuid: string, generation: number, then: (ok: boolean) => void): void {
    this.#peers = withPeer(this.#peers, node, uuid, generation);
    this.#write(peersFile, peersContent(this.#peers), then);
  }

  /** With the boot that it belongs to: what some records say of running groups ends with it. */
  save(name: string, content: string, then: (ok: boolean) => void): void {
    this.#write(name, recordContent(content, this.#bootId), then);
  }

  /** For a daemon that goes on as another incarnation. `undefined`: that could not be written down. */
  nextGeneration(then: (generation: number | undefined) => void): void {
    this.#inTurn(this.#nextGeneration(), { contents: 3, directories: 2 }, (result) => {
      if (result.ok) {
        this.#oldOrNew.usedGeneration(result.value);
        this.generation = Math.max(this.generation, result.value);
      }
      then(result.ok ? result.value : undefined);
    });
  }

  /** The machine's power is gone. */
  powerLost(): void {
    if (this.#platter.isUnsure) this.#machine.world.count('power lost with a write under way');
    this.#pull = undefined;
    this.#waiting = [];
    this.#writes = this.#newWrites();
    this.#busy = false;
    this.#platter.powerLost(this.#draw);
  }

  /** The power goes right before the step that comes after so many more. */
  pullPlugAfter(steps: number, pulled: () => void): void {
    this.#pull = { steps, pulled };
  }

  get plugIsToBePulled(): boolean {
    return this.#pull !== undefined;
  }

  noPlugPulled(): void {
    this.#pull = undefined;
  }

  /** One bit of one copy of something is another: `false` if there is none. A second copy is not touched before the first is whole again. */
  spoil(): boolean {
    const path = this.#draw.pick(
      this.#oldOrNew.copies((name) => this.#platter.read(`${directory}/${name}`, 0) !== undefined),
    );
    if (path === undefined || !this.#platter.spoil(`${directory}/${path}`, this.#draw)) return false;
    this.#oldOrNew.spoilt(path);
    this.hasRotted = true;
    this.#machine.world.trace(this.#machine, 'fault', () => `a bit of ${path} is spoilt`);
    this.#machine.world.count('bit spoilt on the disk');
    return true;
  }

  /** A bit has rotted at some time: a record may have been read in its older copy since. */
  hasRotted = false;

  /** A spoilt copy has made it forget something of its peer. */
  get hasForgottenPeer(): boolean {
    return this.#forgotPeer;
  }

  /** Once: what it knew of its peer is older than what it once knew. */
  takeForgotPeer(): boolean {
    const forgot = this.#oldOrNew.peersAreOld;
    this.#oldOrNew.peersAreOld = false;
    this.#forgotPeer ||= forgot;
    return forgot;
  }

  get #bootId(): string {
    return `boot ${this.#machine.boots}`;
  }

  *#nextGeneration(): FileProcedure<Result<number>> {
    const identity = yield* beginGeneration(directory, { wallSeconds: () => 0, makeUuid: () => this.#machine.uuid });
    return identity.ok ? success(identity.value.generation) : identity;
  }

  #readRecords(): Result<WrittenDown> | undefined {
    const reading = readRecords(this.#bootId);
    let next = reading.next();
    while (next.done !== true) {
      const name = next.value;
      const content = this.#atOnce(
        readDurableFile(directory, name, () => this.#machine.world.count('damaged file, older copy used')),
        undefined,
      );
      if (content === undefined) return undefined;
      if (content.ok) this.#oldOrNew.read(name, content.value);
      next = reading.next(content);
    }
    return next.value;
  }

  #cannotStart(code: string): undefined {
    const { world } = this.#machine;
    world.trace(this.#machine, 'disk', () => `the daemon cannot start: ${code}`);
    world.count('daemon refused to start on its disk');
    if (this.faults.fails === 0) this.#oldOrNew.refused(code);
    return undefined;
  }

  #write(name: string, bytes: Uint8Array, then: (ok: boolean) => void): void {
    this.#writes.write(name, bytes, ({ ok }) => then(ok));
  }

  /** As the daemon has it: of one file, only the newest content waits. */
  #newWrites(): NewestWrites {
    return new NewestWrites((name, bytes, done) => {
      this.#oldOrNew.writing(name, bytes);
      this.#inTurn(writeDurableFile(directory, name, bytes), { contents: 1, directories: 1 }, (result) => {
        if (result.ok) this.#oldOrNew.written(name, bytes);
        done(result);
      });
    });
  }

  /** One procedure at a time; a power cut or the death of the daemon ends it between two steps. */
  #inTurn<Value>(
    procedure: FileProcedure<Result<Value>>,
    syncs: { readonly contents: number; readonly directories: number },
    then: (result: Result<Value>) => void,
  ): void {
    const machine = this.#machine;
    const { setup } = machine.world;
    const draw = machine.streams.disk;
    const [low, high] = setup.diskUs;
    const tookUs = Math.round(draw.between(low, high) * this.faults.slowness);
    const failing = draw.chance(this.faults.fails) ? this.#draw.pick(failures) : undefined;
    if (failing !== undefined) machine.world.sometimes.count('disk write failed');
    const contentUs = Math.round((tookUs * shareOfContent) / syncs.contents);
    const directoryUs = Math.round((tookUs * (1 - shareOfContent)) / syncs.directories);
    const { boots, daemon } = machine;
    const isOver = (): boolean => machine.boots !== boots || machine.daemon !== daemon || !machine.powered;
    const finish = (result: Result<Value>): void => {
      this.#busy = false;
      then(result);
      if (!this.#busy) this.#waiting.shift()?.();
    };
    const go = (resume: () => IteratorResult<FileStep, Result<Value>>): void => {
      let next = resume();
      while (next.done !== true) {
        const step = next.value;
        const costUs = step.do === 'writeSynced' ? contentUs : step.do === 'syncDirectory' ? directoryUs : 0;
        if (costUs > 0) {
          if (step.do === 'writeSynced' && this.#isPulled()) return;
          if (step.do === 'writeSynced' && failing !== 'EROFS') this.#platter.write(step.path, step.bytes);
          machine.world.plan(costUs, () =>
            machine.runUnlessFrozen(() => {
              if (!isOver() && !this.#isPulled()) go(() => this.#resume(procedure, step, failing));
            }),
          );
          return;
        }
        if (this.#isPulled()) return;
        next = this.#resume(procedure, step, failing);
      }
      finish(next.value);
    };
    const begin = (): void => {
      this.#busy = true;
      go(() => procedure.next());
    };
    if (this.#busy) this.#waiting.push(begin);
    else begin();
  }

  /** What a process waits for before it does anything else. `undefined`: the power went. */
  #atOnce<Value>(procedure: FileProcedure<Value>, failing: Failing | undefined): Value | undefined {
    let next = procedure.next();
    while (next.done !== true) {
      if (next.value.do === 'writeSynced' && failing !== 'EROFS')
        this.#platter.write(next.value.path, next.value.bytes);
      if (this.#isPulled()) return undefined;
      next = this.#resume(procedure, next.value, failing);
    }
    return next.value;
  }

  #resume<Value>(
    procedure: FileProcedure<Value>,
    step: FileStep,
    failing: Failing | undefined,
  ): IteratorResult<FileStep, Value> {
    let answer: FileAnswer;
    try {
      answer = this.#take(step, failing);
    } catch (error) {
      return procedure.throw(error);
    }
    return procedure.next(answer);
  }

  #take(step: FileStep, failing: Failing | undefined): FileAnswer {
    if (failing === 'EROFS' && step.do !== 'read') throw fileError('EROFS');
    const platter = this.#platter;
    switch (step.do) {
      case 'read':
        return platter.read(step.path, step.limitBytes);
      case 'writeSynced':
        if (failing === 'ENOSPC') {
          platter.write(step.path, step.bytes.slice(0, step.bytes.length >> 1));
          throw fileError('ENOSPC');
        }
        if (failing === 'EIO at fsync') {
          platter.loseUnsynced(step.path, this.#draw);
          throw fileError('EIO');
        }
        platter.sync(step.path);
        return undefined;
      case 'rename':
        return platter.rename(step.from, step.to) as undefined;
      case 'remove':
        return platter.remove(step.path) as undefined;
      case 'syncDirectory':
        if (failing === 'EIO at the directory') throw fileError('EIO');
        return platter.syncDirectory(step.path) as undefined;
    }
  }

  #isPulled(): boolean {
    const pull = this.#pull;
    if (pull === undefined || --pull.steps > 0) return false;
    this.#pull = undefined;
    this.#machine.world.trace(this.#machine, 'fault', () => 'the power goes in the middle of a write');
    this.#machine.world.count('power lost between two steps of a write');
    pull.pulled();
    return true;
  }
}
