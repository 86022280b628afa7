/** One simulated node: its disk, which stays, and the store that runs on it, which does not. */
import type { Standing, VersionFile } from '../../src/core/cib/store/entry.ts';
import { decodeVersionFile, nobody } from '../../src/core/cib/store/entry.ts';
import { createLoader, type Loaded } from '../../src/core/cib/store/load.ts';
import { allFiles, currentFile, isLostFile, isRingFile } from '../../src/core/cib/store/shelf.ts';
import type { StoreEffect, StoreEvent, StoreState } from '../../src/core/cib/store/state.ts';
import { createStore, dueUs, stepStore } from '../../src/core/cib/store/store.ts';
import type { Result } from '../../src/core/result.ts';
import { nodeSha256 } from '../../src/io/configuration-store.ts';
import type { FileProcedure } from '../../src/io/file-procedure.ts';
import { makeSurePlain, removePlain, replacePlain } from '../../src/io/plain-files.ts';
import type { Draw } from '../sim/world/draw.ts';
import { type Failing, StoreDisk } from './disk.ts';
import { short, type World } from './world.ts';

export const directory = '/var/lib/heartbeat/crm';

export class StoreNode {
  readonly name: string;
  readonly parity: 0 | 1;
  readonly disk: StoreDisk;
  readonly draw: Draw;
  state: StoreState | undefined;
  /** Grows with every start of the process. */
  life = 0;
  isPowered = true;
  /** What this node knows of its peer, as membership told it. */
  seesPeer = false;
  /** How often it met its peer. */
  meetings = 0;
  standing: Standing = nobody;
  /** The power goes, or the process dies, when this many more steps of the disk have been taken. */
  cut: { steps: number; readonly how: 'power' | 'kill' } | undefined;
  readonly #world: World;
  #tickAtUs = Number.POSITIVE_INFINITY;

  constructor(world: World, name: string, parity: 0 | 1, draw: Draw) {
    this.#world = world;
    this.name = name;
    this.parity = parity;
    this.draw = draw;
    this.disk = new StoreDisk(draw, (delayUs, run) => world.plan(delayUs, run));
    this.disk.isCut = () => this.#isCut();
  }

  /** Reads what is there and makes sure of it, as openConfigurationStore does. */
  start(): void {
    if (this.state !== undefined || !this.isPowered) return;
    this.life += 1;
    const loader = createLoader(nodeSha256);
    for (const name of allFiles) loader.add(name, this.file(name) ?? 'missing');
    this.#run(makeSurePlain(directory), (result) => {
      if (!result.ok) this.#world.plan(300_000, () => this.start());
      else this.#begin(loader.finish());
    });
  }

  #begin(loaded: Loaded): void {
    const { state, effects } = createStore({ node: this.name, parity: this.parity, sha256: nodeSha256 }, loaded);
    this.state = state;
    this.#world.trace(this, () => `starts ${loaded.condition} with ${short(loaded.current?.entry)}`);
    this.#world.checker.started(this, loaded);
    this.#carryOut(effects);
    this.handle({ type: 'standing', standing: this.standing });
    this.#world.membershipChanged();
  }

  handle(event: StoreEvent): void {
    const { state } = this;
    if (state === undefined) return;
    if (event.type !== 'message' && event.type !== 'tick') this.#world.trace(this, () => short(event));
    this.#carryOut(stepStore(state, event, this.#world.nowUs));
    this.#planTick();
  }

  /** The process dies; what it wrote stays visible. */
  kill(): void {
    this.#world.trace(this, () => 'the process ends');
    if (this.state !== undefined) this.#world.checker.died(this);
    this.life += 1;
    this.state = undefined;
    this.seesPeer = false;
    this.#world.membershipChanged();
  }

  losePower(): void {
    if (!this.isPowered) return;
    this.kill();
    this.isPowered = false;
    this.#world.trace(this, () => 'power lost');
    this.disk.platter.powerLost(this.draw);
  }

  powerOn(): void {
    this.isPowered = true;
    this.start();
  }

  failNext(how: Failing, count: number): void {
    this.disk.failNext = { how, count };
  }

  file(name: string): Uint8Array | undefined {
    return this.disk.platter.seen(`${directory}/${name}`);
  }

  /** Every version that can be read here, by digest: now, or whatever a power cut would leave. */
  versions(view: 'seen' | 'sure' = 'seen'): Map<string, VersionFile & { readonly name: string }> {
    const found = new Map<string, VersionFile & { readonly name: string }>();
    for (const name of allFiles) {
      const bytes = view === 'seen' ? this.file(name) : this.disk.platter.sure(`${directory}/${name}`);
      const file = decoded(bytes);
      if (file !== undefined && name !== currentFile) found.set(file.entry.digest, { ...file, name });
    }
    return found;
  }

  /** One bit of one file, as long as another copy is left of a version that is current. */
  rot(): boolean {
    const { state } = this;
    if (state === undefined || state.work !== undefined || state.current === undefined) return false;
    const name = this.draw.pick(allFiles.filter((each) => this.file(each) !== undefined));
    const digest = this.#digestIn(name);
    if (digest === undefined) return false;
    const copies = allFiles.filter((each) => this.#digestIn(each) === digest);
    if (digest === state.current.entry.digest && copies.length < 2) return false;
    this.disk.platter.spoil(`${directory}/${name}`, this.draw);
    this.#world.checker.rotted(this, name, digest);
    this.#world.count(
      isRingFile(name) ? 'rot in the ring' : isLostFile(name) ? 'rot in a lost version' : 'rot in cib.xml',
    );
    return true;
  }

  #digestIn(name: string): string | undefined {
    return decoded(this.file(name))?.entry.digest;
  }

  #carryOut(effects: readonly StoreEffect[]): void {
    const { life } = this;
    for (const effect of effects) {
      if (this.life !== life) return;
      if (effect.type !== 'send') this.#world.trace(this, () => `  -> ${short(effect)}`);
      if (this.state?.work?.purpose.kind === 'settle' && this.state.work.at === 0) this.#world.checker.settles(this);
      if (effect.type === 'replace')
        this.#run(replacePlain(directory, effect.name, effect.bytes), (result) =>
          this.handle({ type: 'written', id: effect.id, result }),
        );
      else if (effect.type === 'remove')
        this.#run(removePlain(directory, effect.name), (result) =>
          this.handle({ type: 'written', id: effect.id, result }),
        );
      else if (effect.type === 'read')
        this.#world.plan(100, () => {
          if (this.life === life) this.handle({ type: 'read', digest: effect.digest, bytes: this.file(effect.name) });
        });
      else if (effect.type === 'send') this.#world.send(this, effect.message);
      else this.#world.checker.effect(this, effect);
    }
  }

  #run(procedure: FileProcedure<Result<void>>, then: (result: Result<void>) => void): void {
    const { life } = this;
    this.disk.run(procedure, () => this.life !== life, then);
  }

  #isCut(): boolean {
    const { cut } = this;
    if (cut === undefined || --cut.steps > 0) return false;
    this.cut = undefined;
    this.#world.count(cut.how === 'power' ? 'power lost at a step of a write' : 'killed at a step of a write');
    if (cut.how === 'power') this.losePower();
    else this.kill();
    this.#world.plan(this.draw.between(50_000, 3_000_000), () => this.powerOn());
    return true;
  }

  #planTick(): void {
    const { state, life } = this;
    if (state === undefined) return;
    const due = dueUs(state);
    if (!Number.isFinite(due) || due >= this.#tickAtUs) return;
    this.#tickAtUs = due;
    this.#world.plan(Math.max(0, due - this.#world.nowUs), () => {
      this.#tickAtUs = Number.POSITIVE_INFINITY;
      if (this.life === life) this.handle({ type: 'tick' });
      else this.#planTick();
    });
  }
}

/** The platter never changes bytes in place, so that what was looked at once need not be looked at again. */
const known = new WeakMap<Uint8Array, { readonly file: VersionFile | undefined }>();

function decoded(bytes: Uint8Array | undefined): VersionFile | undefined {
  if (bytes === undefined) return undefined;
  const before = known.get(bytes);
  if (before !== undefined) return before.file;
  const file = decodeVersionFile(bytes, nodeSha256);
  known.set(bytes, { file });
  return file;
}
