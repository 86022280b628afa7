/** A cluster host: a machine with configuration files in `/etc/ha.d`. */
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Machine } from './machine.ts';

export interface HostConfiguration {
  readonly haCf: string;
  readonly haresources?: string;
  readonly authkeys: string;
  readonly pairbeatConf?: string;
}

export class Host extends Machine {
  /** Replaces the four files; scripts written with `writeFile` stay. */
  writeConfiguration(configuration: HostConfiguration): void {
    this.writeFile('ha.cf', configuration.haCf);
    this.writeFile('authkeys', configuration.authkeys, 0o600);
    for (const [name, text] of [
      ['haresources', configuration.haresources],
      ['pairbeat.conf', configuration.pairbeatConf],
    ] as const) {
      if (text === undefined) rmSync(join(this.configurationDirectory, name), { force: true });
      else this.writeFile(name, text);
    }
  }

  /** A file below `/etc/ha.d`, for example `resource.d/httpd` with mode 0755. */
  writeFile(name: string, text: string, mode = 0o644): void {
    const path = join(this.configurationDirectory, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { mode });
    chmodSync(path, mode);
  }

  /** An executable agent of the class `ocf:heartbeat`; the host needs `ownOcfDirectory`. */
  writeOcfAgent(name: string, text: string): void {
    const directory = join(this.storage, 'ocf', 'resource.d', 'heartbeat');
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, name), text);
    chmodSync(join(directory, name), 0o755);
  }

  /** The disk that is `/etc/ha.d` inside, also reachable while the host is off. */
  get configurationDirectory(): string {
    return join(this.storage, 'ha.d');
  }

  /** The disk that is `/var/lib/heartbeat` inside. */
  get stateDirectory(): string {
    return join(this.storage, 'state');
  }

  /** The disk that is `/var/log` inside. */
  get logDirectory(): string {
    return join(this.storage, 'log');
  }
}
