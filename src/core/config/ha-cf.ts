/**
 * What ha.cf (or pairbeat.conf) says, line by line, before anything is compared with anything else: the last value of
 * every scalar, the nodes and links in their order. build-configuration.ts makes a meaning of it.
 */
import type {
  ClientRule,
  HelperConfiguration,
  LinkConfiguration,
  PingNodeConfiguration,
  ServiceConfiguration,
} from './configuration.ts';
import type { FenceLine } from './fencing/parse-fence-line.ts';
import type { Place, Reporter } from './findings.ts';
import type { HostFacts } from './host-facts.ts';

export interface Scalar {
  /** Milliseconds for times; 0 for `auto`. */
  readonly value: string | number | boolean;
  readonly written: string;
  readonly place: Place;
}

export interface Named {
  readonly name: string;
  readonly place: Place;
}

export interface HaCf {
  readonly scalars: Map<string, Scalar>;
  /** Directives with a value that was not understood: what hangs on them is not judged. */
  readonly failed: Set<string>;
  readonly nodes: Named[];
  readonly links: { readonly link: LinkConfiguration; readonly place: Place }[];
  /** Media that this version cannot open. */
  readonly unsupported: Named[];
  /** Heartbeat counts ping nodes as media; nodes cannot hear each other through them. */
  readonly pingNodes: PingNodeConfiguration[];
  readonly helpers: { readonly helper: HelperConfiguration; readonly place: Place }[];
  readonly services: ServiceConfiguration[];
  readonly clients: ClientRule[];
  /** `stonith` and `stonith_host`, also those for other machines. */
  readonly fenceLines: FenceLine[];
  watchdog: string | undefined;
  /** `monitor_interval_of` lines of pairbeat.conf. */
  readonly monitorIntervals: { readonly name: string; readonly intervalMs: number; readonly place: Place }[];
  /** ucast lines that name an address of this machine. */
  ownAddressLinks: number;
  /** A link was refused: that there is none is then no finding of its own. */
  linkErrors: number;
  readonly environment: Map<string, string>;
  /** First line of directives that may come once, and of API clients. */
  readonly seen: Map<string, Place>;
}

export interface ParserContext {
  readonly host: HostFacts;
  readonly reporter: Reporter;
  readonly result: HaCf;
}

export function emptyHaCf(): HaCf {
  return {
    scalars: new Map(),
    failed: new Set(),
    nodes: [],
    links: [],
    unsupported: [],
    pingNodes: [],
    helpers: [],
    services: [],
    clients: [],
    fenceLines: [],
    watchdog: undefined,
    monitorIntervals: [],
    ownAddressLinks: 0,
    linkErrors: 0,
    environment: new Map(),
    seen: new Map(),
  };
}
