/**
 * A power switch with an outlet for every host of a lab. Switching one off is a power cut: every process of that machine
 * is killed and its cables are dead before the switch answers. Hosts reach it through a mailbox in their /etc/ha.d, by a
 * fence agent (`fence_lab`) or a script of the cluster-glue kind (`external/lab`), both of which speak the real
 * protocols. How it behaves, a word in `power/behaviour` says, for each asking host its own.
 */
import {
  type FSWatcher,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { externalLab, fenceLab } from './agents/lab-fence-scripts.ts';
import type { Host } from './host.ts';
import type { Lab } from './lab.ts';
import { bootTimeUs } from './libc.ts';
import { type Machine, sleep } from './machine.ts';

/**
 * What the switch does when it is asked to switch something off, and what it says.
 *
 * - `works`
 * - `fails`: does nothing, says that it failed; its monitor fails too
 * - `hangs`: does nothing, never answers
 * - `slow MS`: does it after so long, then answers
 * - `late MS`: does it after so long, although whoever asked may be gone by then
 * - `lies`: does nothing, says done, and its status says OFF: a false success
 * - `half`: does nothing, says done, and its status says ON
 * - `does-and-fails`: does it, says that it failed
 */
export type PowerBehaviour =
  | 'works'
  | 'fails'
  | 'hangs'
  | `slow ${number}`
  | `late ${number}`
  | 'lies'
  | 'half'
  | 'does-and-fails';

export interface PowerRequest {
  readonly atUs: number;
  /** Who asked. */
  readonly from: string;
  readonly action: string;
  readonly target: string;
  /** When the outlet was switched, if it was. */
  readonly doneUs?: number;
}

export interface PowerSwitch {
  /** For `ha.cf`: both nodes use the switch, by its fence agent or its script. */
  line(kind: 'agent' | 'external', ...parameters: readonly string[]): string;
  /** From now on, for requests of this host, or of all. */
  behave(behaviour: PowerBehaviour, machine?: Machine): void;
  /** A machine beside the pair reaches the switch by its own mailbox: a management board, a relay. */
  attach(machine: Machine): void;
  /** Requests that could change something: on, off, reset. */
  readonly requests: readonly PowerRequest[];
  /** An outlet was given power: by default the machine stays dark. */
  onPower: (host: Host) => void;
  close(): void;
}

/** Puts the switch beside the hosts of the lab; also before they are booted. */
export function installPowerSwitch(lab: Lab): PowerSwitch {
  const requests: PowerRequest[] = [];
  const liedAbout = new Set<string>();
  const watchers: FSWatcher[] = [];
  const power: { onPower: (host: Host) => void } = { onPower: () => undefined };

  const outlet = (name: string): Host | undefined => lab.hosts.find((host) => host.name === name);

  const cut = (target: Host): void => {
    liedAbout.delete(target.name);
    if (target.running) target.crash();
  };

  const change = async (from: Machine, action: string, target: Host): Promise<string> => {
    const request: PowerRequest = { atUs: bootTimeUs(), from: from.name, action, target: target.name };
    const index = requests.push(request) - 1;
    const [behaviour = 'works', milliseconds = '0'] = behaviourOf(from).split(' ');
    const done = (): void => {
      cut(target);
      requests[index] = { ...request, doneUs: bootTimeUs() };
      if (action === 'reset') power.onPower(target);
    };
    if (action === 'on') {
      power.onPower(target);
      return '0 Success: Powered ON';
    }
    switch (behaviour) {
      case 'fails':
        return '1 ERROR: the switch refused';
      case 'hangs':
        return new Promise(() => undefined);
      case 'lies':
        liedAbout.add(target.name);
        return '0 Success: Powered OFF';
      case 'half':
        return '0 Success: Powered OFF';
      case 'slow':
      case 'late':
        await sleep(Number(milliseconds));
        done();
        return '0 Success: Powered OFF';
      case 'does-and-fails':
        done();
        return '1 ERROR: the switch lost its mind';
      default:
        done();
        return '0 Success: Powered OFF';
    }
  };

  const answerTo = async (from: Machine, words: readonly string[]): Promise<string> => {
    const [action = '', name = ''] = words;
    const behaviour = behaviourOf(from);
    if (action === 'list') return `0 ${lab.hosts.map((host) => host.name).join(' ')}`;
    if (action === 'monitor') return behaviour === 'fails' ? '1 ERROR: the switch does not answer' : '0 ready';
    const target = outlet(name);
    if (target === undefined) return `1 ERROR: no outlet is called ${name}`;
    if (action !== 'status') return change(from, action, target);
    return target.running && !liedAbout.has(name) ? '0 Status: ON' : '2 Status: OFF';
  };

  const serve = (machine: Machine): void => {
    const box = mailbox(machine);
    for (const name of readdirSync(box).filter((file) => file.endsWith('.request'))) {
      const file = join(box, name);
      const words = readFileSync(file, 'utf8').trim().split(' ');
      rmSync(file);
      void answerTo(machine, words).then((text) => {
        const answer = file.replace(/request$/, 'answer');
        writeFileSync(`${answer}.new`, `${text}\n`);
        renameSync(`${answer}.new`, answer);
      });
    }
  };

  const asking: Machine[] = [];
  function attach(machine: Machine): void {
    asking.push(machine);
    mkdirSync(mailbox(machine), { recursive: true, mode: 0o700 });
    watchers.push(watch(mailbox(machine), () => serve(machine)));
  }
  for (const host of lab.hosts) {
    attach(host);
    host.writeFile('stonith/fence_lab', fenceLab, 0o755);
    host.writeFile('stonith/external/lab', externalLab, 0o755);
  }

  return {
    line: (kind, ...parameters) =>
      ['stonith_host *', kind === 'agent' ? 'fence_lab' : 'external/lab', ...parameters].join(' '),
    behave(behaviour, only) {
      for (const machine of only === undefined ? asking : [only])
        writeFileSync(join(mailbox(machine), 'behaviour'), `${behaviour}\n`);
    },
    attach,
    requests,
    get onPower() {
      return power.onPower;
    },
    set onPower(handle) {
      power.onPower = handle;
    },
    close() {
      for (const watcher of watchers) watcher.close();
    },
  };
}

/** `/etc/ha.d/power` inside. */
const mailbox = (machine: Machine): string => join(machine.storage, 'ha.d', 'power');

function behaviourOf(machine: Machine): string {
  try {
    return readFileSync(join(mailbox(machine), 'behaviour'), 'utf8').trim();
  } catch {
    return 'works';
  }
}
