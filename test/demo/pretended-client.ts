/** The client of the pretended demo: looks every millisecond at whose file exists. */
import { existsSync } from 'node:fs';
import { sleep } from '../lab/machine.ts';

interface Look {
  readonly atMs: number;
  readonly owner: string;
}

export class PretendedClient {
  private readonly owners: readonly { readonly name: string; readonly file: string }[];
  private readonly looks: Look[] = [];

  constructor(owners: readonly { readonly name: string; readonly file: string }[]) {
    this.owners = owners;
    setInterval(() => this.look(), 1).unref();
  }

  /** The longest time since `fromMs` in which nobody had the address. */
  outage(fromMs: number): { readonly ms: number; readonly before: string; readonly after: string } {
    let best = { ms: 0, before: 'nobody', after: 'nobody' };
    for (let index = 1; index < this.looks.length; index += 1) {
      const [before, after] = [this.looks[index - 1]!, this.looks[index]!];
      const ms = after.atMs - before.atMs;
      if (after.atMs >= fromMs && ms > best.ms) best = { ms, before: before.owner, after: after.owner };
    }
    return best;
  }

  async steady(owner: string, timeoutMs: number): Promise<void> {
    const giveUpAt = performance.now() + timeoutMs;
    for (;;) {
      const last = this.looks.at(-1);
      if (last?.owner === owner && performance.now() - last.atMs < 50) return;
      if (performance.now() > giveUpAt) throw new Error(`${owner} did not get the PRETENDED address in time`);
      await sleep(20);
    }
  }

  private look(): void {
    const owner = this.owners.find(({ file }) => existsSync(file));
    if (owner !== undefined) this.looks.push({ atMs: performance.now(), owner: owner.name });
  }
}
