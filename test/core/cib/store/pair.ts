/** Two stores that hear each other at once, on disks that always work unless a test says otherwise. */
import type { Standing } from '../../../../src/core/cib/store/entry.ts';
import { createLoader } from '../../../../src/core/cib/store/load.ts';
import type { StoreMessage } from '../../../../src/core/cib/store/messages.ts';
import { allFiles } from '../../../../src/core/cib/store/shelf.ts';
import type {
  Candidate,
  Committed,
  StoreEffect,
  StoreEvent,
  StoreState,
} from '../../../../src/core/cib/store/state.ts';
import { createStore, dueUs, stepStore } from '../../../../src/core/cib/store/store.ts';
import type { Problem, Result } from '../../../../src/core/result.ts';
import { nodeSha256 } from '../../../../src/io/configuration-store.ts';

export function cib(content: string, root = ''): string {
  return `<cib${root}>\n  <configuration>\n    ${content}\n  </configuration>\n</cib>\n`;
}

export class OneStore {
  readonly files = new Map<string, Uint8Array>();
  readonly name: string;
  readonly parity: 0 | 1;
  state!: StoreState;
  nowUs = 1_000_000;
  answers = new Map<number, Result<Committed>>();
  reports: Problem[] = [];
  changes: string[] = [];
  sent: StoreMessage[] = [];
  /** Called for each write; a problem is its outcome. */
  fails: (name: string, what: 'replace' | 'remove') => Problem | undefined = () => undefined;
  deliver: (message: StoreMessage) => void = () => {};
  #ids = 0;

  constructor(name: string, parity: 0 | 1) {
    this.name = name;
    this.parity = parity;
    this.restart();
  }

  /** A new process on the same files. */
  restart(): void {
    const loader = createLoader(nodeSha256);
    for (const name of allFiles) loader.add(name, this.files.get(name) ?? 'missing');
    const { state, effects } = createStore(
      { node: this.name, parity: this.parity, sha256: nodeSha256 },
      loader.finish(),
    );
    this.state = state;
    this.#carryOut(effects);
  }

  handle(event: StoreEvent): void {
    this.#carryOut(stepStore(this.state, event, this.nowUs));
  }

  /** The answer, if there is one at once. */
  commit(document: string, more: Partial<Candidate> = {}): Result<Committed> | undefined {
    const id = ++this.#ids;
    const parent = this.state.current?.entry.digest ?? '';
    const candidate = { document, parent, who: 'root', when: 'noon', tool: 'crm', ...more };
    this.handle({ type: 'commit', id, candidate });
    return this.answers.get(id);
  }

  lastAnswer(): Result<Committed> | undefined {
    return this.answers.get(this.#ids);
  }

  stand(standing: Partial<Standing>): void {
    this.handle({ type: 'standing', standing: { fenced: false, quorum: false, held: 0, ...standing } });
  }

  passTime(us: number): void {
    const endUs = this.nowUs + us;
    for (let due = dueUs(this.state); due <= endUs; due = dueUs(this.state)) {
      this.nowUs = Math.max(this.nowUs, due);
      this.handle({ type: 'tick' });
    }
    this.nowUs = endUs;
  }

  get document(): string {
    const { current } = this.state;
    return current === undefined ? '' : new TextDecoder().decode(current.document);
  }

  #carryOut(effects: readonly StoreEffect[]): void {
    for (const effect of effects) {
      if (effect.type === 'replace' || effect.type === 'remove') this.#write(effect);
      else if (effect.type === 'read')
        this.handle({ type: 'read', digest: effect.digest, bytes: this.files.get(effect.name) });
      else if (effect.type === 'answer') this.answers.set(effect.id, effect.result);
      else if (effect.type === 'report') this.reports.push(effect.problem);
      else if (effect.type === 'changed') this.changes.push(effect.digest);
      else {
        this.sent.push(effect.message);
        this.deliver(effect.message);
      }
    }
  }

  #write(effect: StoreEffect & { readonly type: 'replace' | 'remove' }): void {
    const problem = this.fails(effect.name, effect.type);
    if (problem === undefined && effect.type === 'replace') this.files.set(effect.name, effect.bytes);
    if (problem === undefined && effect.type === 'remove') this.files.delete(effect.name);
    const result = problem === undefined ? { ok: true as const, value: undefined } : { ok: false as const, problem };
    this.handle({ type: 'written', id: effect.id, result });
  }
}

export class Pair {
  readonly alpha = new OneStore('alpha', 0);
  readonly beta = new OneStore('beta', 1);
  /** Messages wait until `run`. */
  readonly #waiting: (() => void)[] = [];

  constructor() {
    this.alpha.deliver = (message) => this.#waiting.push(() => this.beta.handle({ type: 'message', message }));
    this.beta.deliver = (message) => this.#waiting.push(() => this.alpha.handle({ type: 'message', message }));
  }

  /** Both are members; alpha coordinates. */
  meet(): void {
    this.alpha.handle({ type: 'peer', isMember: true, leads: true });
    this.beta.handle({ type: 'peer', isMember: true, leads: false });
    this.run();
  }

  part(): void {
    for (const node of [this.alpha, this.beta]) node.handle({ type: 'peer', isMember: false, leads: false });
    this.#waiting.length = 0;
  }

  /** Delivers everything that waits, and what comes of it. */
  run(): void {
    for (let count = 0; count < 1000; count++) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      next();
    }
    throw new Error('the stores never stop talking');
  }

  /** Everything that waits is lost. */
  lose(): void {
    this.#waiting.length = 0;
  }
}
