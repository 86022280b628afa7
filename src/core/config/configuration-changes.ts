/**
 * What a reload changes, as lines of text in one spelling, and whether a running daemon can take each of them up. Lines
 * that both configurations have in another order are no change.
 */
import type { Configuration, LinkConfiguration } from './configuration.ts';

/** `restart`: `heartbeat -R` takes it up, and keeps the resources. */
export type ChangeEffect = 'now' | 'restart';

export interface ConfigurationChange {
  readonly sign: '+' | '-';
  readonly line: string;
  readonly effect: ChangeEffect;
}

export function configurationChanges(before: Configuration, after: Configuration): ConfigurationChange[] {
  const [old, fresh] = [linesOf(before), linesOf(after)];
  const gone = without(old, fresh).map((line) => ({ sign: '-' as const, line, effect: effectOf(line) }));
  const come = without(fresh, old).map((line) => ({ sign: '+' as const, line, effect: effectOf(line) }));
  return [...gone, ...come, ...otherParameters(before, after)];
}

/** Parameters of fence devices are secret: only that they are others is said. */
function otherParameters({ fencing: old }: Configuration, { fencing: fresh }: Configuration): ConfigurationChange[] {
  const changed = (fresh?.devices ?? []).filter(({ name, parameters }) => {
    const same = old?.devices.find((device) => device.name === name);
    return same !== undefined && textOf(same.parameters) !== textOf(parameters);
  });
  return changed.map(({ name }) => ({ sign: '+', line: `fence device ${name}: other parameters`, effect: 'now' }));
}

/** Takes over what holds now; what needs a restart stays as it was. */
export function withoutRestart(before: Configuration, after: Configuration): Configuration {
  const { nodes, localNode, realtime, services, clients, generationFromClock, resourceManager, helpers, tuning } =
    before;
  const { watchdog: _watchdog, compression: _compression, ...rest } = after;
  return {
    ...rest,
    ...{ nodes, localNode, realtime, services, clients, generationFromClock, resourceManager, helpers },
    ...(before.watchdog === undefined ? {} : { watchdog: before.watchdog }),
    ...(before.compression === undefined ? {} : { compression: before.compression }),
    links: [...after.links.filter((link) => link.kind !== 'serial'), ...serialLinks(before)],
    tuning: { ...after.tuning, journalMaxBytes: tuning.journalMaxBytes, journalSegments: tuning.journalSegments },
  };
}

/** Of two pairs of links that have none in common the other node hears nothing before it is reloaded as well. */
export function keepsALink(before: Configuration, after: Configuration): boolean {
  const known = new Set(before.links.map(linkLine));
  return after.links.some((link) => known.has(linkLine(link)));
}

function linesOf(configuration: Configuration): string[] {
  const { meaning, parameters, links, services, clients, tuning } = configuration;
  const named = new Set(meaning.map(nameOf));
  return [
    ...meaning,
    ...links.map(linkLine),
    ...Object.entries(parameters)
      .filter(([name]) => !named.has(name) && name !== 'auto_failback')
      .map(([name, value]) => `${name} ${value}`),
    ...services.map((service) => `respawn ${textOf(service)}`),
    ...clients.map((client) => `apiauth ${textOf(client)}`),
    ...Object.entries(tuning).map(([name, value]) => `${snakeCase(name)} ${textOf(value)}`),
  ];
}

const restartNames: ReadonlySet<string> = new Set([
  ...['node', 'uuidfrom', 'hbgenmethod', 'realtime', 'rtprio', 'watchdog', 'crm', 'pacemaker', 'respawn', 'apiauth'],
  ...['compression', 'compression_threshold', 'traditional_compression', 'serial', 'baud'],
  ...['journal_max_bytes', 'journal_segments', 'failfast'],
]);

const effectOf = (line: string): ChangeEffect => (restartNames.has(nameOf(line)) ? 'restart' : 'now');

const nameOf = (line: string): string => line.split(' ', 1)[0] ?? '';

function linkLine(link: LinkConfiguration): string {
  if (link.kind === 'serial') return `serial ${textOf(link)}`;
  const { id: _, kind, device, ...rest } = link;
  return `${kind} ${device} ${Object.entries(rest)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(' ')}`;
}

const serialLinks = ({ links }: Configuration): LinkConfiguration[] => links.filter(({ kind }) => kind === 'serial');

function without(lines: readonly string[], others: readonly string[]): string[] {
  const rest = [...others];
  return lines.filter((line) => {
    const at = rest.indexOf(line);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
}

/** `stopRetryMax` is the line `stop_retry_max`; times are in milliseconds there and end in `Ms` here. */
function snakeCase(name: string): string {
  return name.replace(/Ms$/, '').replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

const textOf = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));
