/**
 * The fence device of the lab: a management board that really cuts the power of a host, and can do so badly. On a node it
 * is a script of the kind `external/board`; its other half is here, outside the nodes. They talk through a directory that
 * both nodes share, which stands for a management network of its own. What the board does and what it answers are two
 * things: it can act and stay silent, or answer that it has failed after it has acted. It never says that it has done what
 * it has not: no cluster can be right about that.
 */
import { closeSync, mkdirSync, openSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Host } from '../lab/host.ts';
import { bootTimeUs } from '../lab/libc.ts';
import { sleep } from '../lab/machine.ts';
import { type ChaosNode, nodeNames } from './configuration.ts';
import type { Supervisor } from './supervisor.ts';

export interface BoardMood {
  /** Before it acts. */
  readonly delayMs: number;
  readonly acts: boolean;
  /** `nothing`: it hangs, and the caller gives up. */
  readonly answers: 'success' | 'failure' | 'nothing';
}

export const soundBoard: BoardMood = { delayMs: 0, acts: true, answers: 'success' };

export interface BoardRequest {
  readonly atUs: number;
  readonly target: ChaosNode;
  readonly action: string;
  readonly acted: boolean;
  readonly answered: BoardMood['answers'];
}

const lookEveryMs = 5;

export class Board {
  readonly requests: BoardRequest[] = [];
  /** What the lab itself could not do. */
  readonly troubles: string[] = [];
  mood: BoardMood = soundBoard;
  private readonly directory: string;
  private readonly supervisors: ReadonlyMap<ChaosNode, Supervisor>;
  private readonly file: number;
  private going = true;
  private loop: Promise<void>;

  private constructor(directory: string, supervisors: ReadonlyMap<ChaosNode, Supervisor>) {
    this.directory = directory;
    this.supervisors = supervisors;
    writeFileSync(join(directory, 'requests'), '');
    this.file = openSync(join(directory, 'requests'), 'r');
    this.loop = this.serve();
  }

  static open(sharedDirectory: string, supervisors: ReadonlyMap<ChaosNode, Supervisor>): Board {
    const directory = join(sharedDirectory, 'board');
    mkdirSync(directory, { recursive: true });
    return new Board(directory, supervisors);
  }

  async close(): Promise<void> {
    this.going = false;
    await this.loop;
    closeSync(this.file);
  }

  /** One request after the other, as a board with one processor does. */
  private async serve(): Promise<void> {
    const buffer = Buffer.alloc(4096);
    let text = '';
    while (this.going) {
      const size = readSync(this.file, buffer, 0, buffer.length, null);
      text += buffer.toString('latin1', 0, size);
      for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n')) {
        const [id = '', action = '', target = ''] = text.slice(0, end).split(' ');
        text = text.slice(end + 1);
        await this.obey(id, action, target as ChaosNode).catch((error: Error) => this.troubles.push(error.message));
      }
      await sleep(lookEveryMs);
    }
  }

  private async obey(id: string, action: string, target: ChaosNode): Promise<void> {
    const { mood } = this;
    const atUs = bootTimeUs();
    const isPower = action === 'reset' || action === 'off';
    await sleep(mood.delayMs);
    const acted = isPower && mood.acts;
    if (acted) await this.supervisors.get(target)?.cutPower();
    if (isPower) this.requests.push({ atUs, target, action, acted, answered: mood.answers });
    if (mood.answers !== 'nothing')
      writeFileSync(join(this.directory, `answer-${id}`), mood.answers === 'success' ? '0\n' : '1\n');
  }
}

/** Lines of `ha.cf` and `pairbeat.conf` for a pair with the board. */
export const boardConfiguration = {
  haCf: [`stonith_host * external/board hostlist=${nodeNames.join()}`],
  pairbeat: ['fence_timeout 3', 'fence_delay 1', 'fence_probe_interval 5'],
} as const;

/** Longest way to a confirmed success once the board is sound again: a request under way, the pause of the core, one more. */
export const boardBoundMs = 3000 + 1000 + 8000 + 3000;

export function installBoard(host: Host, sharedDirectory: string): void {
  host.writeFile('stonith/external/board', boardScript(join(sharedDirectory, 'board')), 0o755);
}

function boardScript(directory: string): string {
  return `#!/bin/bash
case "$1" in
  gethosts) echo "\${hostlist//,/ }"; exit 0 ;;
  getconfignames) echo hostlist; exit 0 ;;
  getinfo-*) echo board; exit 0 ;;
  reset | off | on | status) ;;
  *) exit 1 ;;
esac
[ "$1" = on ] && exit 0
read -r up rest </proc/uptime
id="$HOSTNAME-$$-$up-$RANDOM"
echo "$id $1 \${2:-none}" >>"${directory}/requests" || exit 1
exec 8<> <(:)
until [ -r "${directory}/answer-$id" ]; do read -r -t 0.01 -u 8; done
until read -r code <"${directory}/answer-$id"; do read -r -t 0.01 -u 8; done
exit "$code"
`;
}
