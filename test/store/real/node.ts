/** A process with a store, as the real rounds see it: started, spoken to, killed, and what it has said so far. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { ChildLine, ParentLine } from './lines.ts';

const program = join(import.meta.dirname, 'child.js');

export class RealNode {
  readonly name: string;
  readonly directory: string;
  readonly parity: 0 | 1;
  /** Every line that it said, in this life and those before. */
  readonly heard: ChildLine[] = [];
  onLine: (line: ChildLine) => void = () => {};
  #child: ChildProcessByStdio<Writable, Readable, null> | undefined;
  #ended: Promise<void> = Promise.resolve();

  constructor(name: string, directory: string, parity: 0 | 1) {
    this.name = name;
    this.directory = directory;
    this.parity = parity;
  }

  get runs(): boolean {
    return this.#child !== undefined;
  }

  /** Resolves once it has read its disk, or died on the way. */
  async start(dieAt = 0): Promise<void> {
    const given = ['--directory', this.directory, '--node', this.name, '--parity', String(this.parity)];
    const child = spawn(process.execPath, [program, ...given, '--die-at', String(dieAt)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    child.stdin.on('error', () => {});
    this.#child = child;
    const started = new Promise<void>((resolve) => {
      createInterface({ input: child.stdout }).on('line', (text) => {
        const line = JSON.parse(text) as ChildLine;
        this.heard.push(line);
        if (line.what === 'started') resolve();
        this.onLine(line);
      });
      this.#ended = new Promise((gone) => {
        child.on('close', () => {
          if (this.#child === child) this.#child = undefined;
          resolve();
          gone();
        });
      });
    });
    await started;
  }

  tell(line: ParentLine): void {
    this.#child?.stdin.write(`${JSON.stringify(line)}\n`);
  }

  /** Resolves when all that it said before has been heard. */
  async kill(): Promise<void> {
    this.#child?.kill('SIGKILL');
    await this.#ended;
  }
}
