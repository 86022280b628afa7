/**
 * The services of the groups: R1 scripts that keep a note of everything that was asked of them. From the notes of both
 * hosts follows whether a service ever ran on both at once, whatever any daemon believes or logs.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Host } from '../lab/host.ts';

export const serviceNames = ['httpd', 'ftpd'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** Time during which a host had a service running. Microseconds of the boot-time clock. */
export interface ServiceSpell {
  readonly host: string;
  readonly service: string;
  readonly fromUs: number;
  readonly toUs: number;
}

export interface ServiceAction {
  readonly atUs: number;
  readonly service: string;
  readonly action: string;
}

/** /proc/uptime, from which the scripts take the time, counts in hundredths of a second. */
const clockStepUs = 10_000;

export function installServices(host: Host): void {
  for (const name of serviceNames) host.writeFile(`resource.d/${name}`, serviceScript, 0o755);
}

/** Makes `stop` of a service fail on this host from now on, or work again. Its status goes on saying `running`. */
export function failStop(host: Host, service: ServiceName, fails: boolean): void {
  host.writeFile(`lab-${service}-stop`, fails ? 'fail\n' : 'work\n');
}

export function serviceRuns(host: Host, service: string): boolean {
  return host.running && existsSync(host.path(`/run/${service}.running`));
}

/** Every line that the scripts wrote on a host, oldest first. */
export function serviceActions(host: Host): ServiceAction[] {
  const file = join(host.logDirectory, 'service-actions');
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').trim().split('\n').filter(Boolean);
  return lines.map((line) => {
    const [seconds, service, action] = line.split(' ');
    return { atUs: Number(seconds) * 1e6, service: service!, action: action! };
  });
}

/** `powerCutsUs`: when the host lost its power, which ended everything on it. */
export function serviceSpells(host: Host, powerCutsUs: readonly number[], nowUs: number): ServiceSpell[] {
  return spellsOf(host.name, serviceActions(host), powerCutsUs, nowUs);
}

export function spellsOf(
  host: string,
  actions: readonly ServiceAction[],
  powerCutsUs: readonly number[],
  nowUs: number,
): ServiceSpell[] {
  const spells: ServiceSpell[] = [];
  const open = new Map<string, number>();
  const close = (service: string, toUs: number) => {
    const fromUs = open.get(service);
    if (fromUs !== undefined) spells.push({ host, service, fromUs, toUs });
    open.delete(service);
  };
  const cuts = powerCutsUs.map((atUs) => ({ atUs, service: '', action: 'power cut' }));
  for (const { atUs, service, action } of [...actions, ...cuts].sort((a, b) => a.atUs - b.atUs)) {
    if (action === 'start') {
      if (!open.has(service)) open.set(service, atUs);
    } else if (action === 'stop') close(service, atUs);
    else if (action === 'power cut') for (const name of [...open.keys()]) close(name, atUs);
  }
  for (const name of [...open.keys()]) close(name, nowUs);
  return spells;
}

/** Pairs of spells of the same service on two hosts that overlap by more than the clock of the scripts can blur. */
export function overlaps(left: readonly ServiceSpell[], right: readonly ServiceSpell[]): string[] {
  return left.flatMap((one) =>
    right.flatMap((other) => {
      const overlapUs = Math.min(one.toUs, other.toUs) - Math.max(one.fromUs, other.fromUs);
      if (one.service !== other.service || overlapUs <= clockStepUs) return [];
      return [`${one.service} ran on ${one.host} and ${other.host} for ${(overlapUs / 1000).toFixed(0)} ms`];
    }),
  );
}

const serviceScript = `#!/bin/sh
name=\${0##*/}
state=/run/$name.running
note() {
  read -r seconds rest < /proc/uptime
  echo "$seconds $name $1" >> /var/log/service-actions
}
case "$1" in
  start)
    note start
    : > "$state"
    ;;
  stop)
    word=work
    [ -r "/etc/ha.d/lab-$name-stop" ] && read -r word < "/etc/ha.d/lab-$name-stop"
    if [ "$word" = fail ]; then note stop-failed; exit 1; fi
    [ -e "$state" ] && note stop
    rm -f "$state"
    ;;
  status)
    if [ -e "$state" ]; then echo running; else echo stopped; fi
    ;;
  *)
    echo "usage: $name start|stop|status"
    exit 1
    ;;
esac
exit 0
`;
