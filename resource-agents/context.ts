/**
 * What an own agent may touch. Agents are plain modules without side effects of their own: network, timers and log
 * come in through this object, so that the warm host, the stand-alone executable, the simulator and unit tests run
 * the same code. Methods may answer at once (netlink) or later (command fallback); agents `await` either.
 */
import type { Problem, Result } from '../src/core/result.ts';

export type Eventually<Value> = Value | Promise<Value>;

export type AddressFamily = 'ipv4' | 'ipv6';

export interface NetworkLink {
  readonly index: number;
  readonly name: string;
  /** Hardware address; empty where the device has none. */
  readonly hardware: Uint8Array;
  readonly up: boolean;
  readonly loopback: boolean;
  /** Speaks Ethernet and resolves addresses: only there an announcement makes sense. */
  readonly ethernet: boolean;
}

export interface NetworkAddress {
  readonly index: number;
  readonly family: AddressFamily;
  /** Network byte order: 4 or 16 bytes. */
  readonly address: Uint8Array;
  readonly prefixLength: number;
  readonly label?: string;
  readonly broadcast?: Uint8Array;
  /** IPv4: another address of the same subnet on the device came first. */
  readonly secondary: boolean;
}

export interface NetworkRoute {
  readonly family: AddressFamily;
  readonly destination: Uint8Array;
  readonly prefixLength: number;
  readonly index: number;
  readonly viaGateway: boolean;
  readonly metric: number;
}

/** Collects answers to one address probe until closed. */
export interface ConflictWatch {
  /** Hardware address (`02:00:00:00:00:01`) of a stranger who answered so far. */
  answeredBy(): string | undefined;
  close(): void;
}

export interface NetworkTools {
  links(): Eventually<Result<readonly NetworkLink[]>>;
  addresses(): Eventually<Result<readonly NetworkAddress[]>>;
  /** Main table only. */
  routes(family: AddressFamily): Eventually<Result<readonly NetworkRoute[]>>;
  addAddress(address: NetworkAddress): Eventually<Result<'added' | 'present'>>;
  deleteAddress(address: NetworkAddress): Eventually<Result<'deleted' | 'absent'>>;
  setLinkUp(link: NetworkLink): Eventually<Result<void>>;
  /** Gratuitous ARP (request and reply form) or an unsolicited neighbour advertisement. */
  announce(link: NetworkLink, family: AddressFamily, address: Uint8Array): Eventually<Result<void>>;
  /** Asks the network who has the address; a link that cannot be asked answers undefined. */
  probe(link: NetworkLink, family: AddressFamily, address: Uint8Array): ConflictWatch | undefined;
}

export interface AgentContext {
  /** The parameters of the resource by their OCF names. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Nobody is waiting: ask the network first and refuse the start when somebody answers. */
  readonly careful: boolean;
  readonly conflictCheck: boolean;
  readonly net: NetworkTools;
  /**
   * Runs the work alone among all agents of this process. Addresses depend on each other (the kernel drops some with
   * others), so whoever changes one must see the true state from its first look to its last change.
   */
  exclusive<Value>(work: () => Promise<Value>): Promise<Value>;
  nowUs(): number;
  sleep(milliseconds: number): Promise<void>;
  /** Runs after the answer has been given; dropped as soon as another operation on the resource begins. */
  background(delayMs: number, task: () => Eventually<void>): void;
  log(level: 'error' | 'warning' | 'info' | 'debug', problem: Problem): void;
  /** Somebody else on the network answers for an address that has just been configured here. */
  conflict(hardwareAddress: string): void;
}

/** OCF Resource Agent API 1.1, exit codes. */
export const ocf = {
  success: 0,
  generic: 1,
  arguments: 2,
  unimplemented: 3,
  permission: 4,
  installed: 5,
  configured: 6,
  notRunning: 7,
} as const;

export type OcfExitCode = (typeof ocf)[keyof typeof ocf];

export interface AgentAnswer {
  readonly exitCode: OcfExitCode;
  /** For the administrator; also printed behind `ocf-exit-reason:`. */
  readonly reason?: string;
  readonly announcedUs?: number;
  readonly conflictWith?: string;
}

export interface AgentParameter {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'boolean';
  readonly required: boolean;
  /** Two resources of the type may not share the value. */
  readonly unique: boolean;
  readonly summary: string;
  readonly description: string;
  readonly default?: string;
}

export interface AgentDescription {
  readonly name: string;
  readonly version: string;
  readonly summary: string;
  readonly description: string;
  readonly parameters: readonly AgentParameter[];
  readonly actions: readonly {
    readonly name: string;
    readonly timeoutSeconds: number;
    readonly intervalSeconds?: number;
  }[];
}

export interface OwnAgent {
  readonly description: AgentDescription;
  /** haresources words (`IPaddr::a::b`) to OCF parameters. */
  parametersFromArguments(args: readonly string[]): Result<Readonly<Record<string, string>>>;
  /** Says what is wrong with the parameters without looking at the system. */
  validate(parameters: Readonly<Record<string, string>>): Result<void>;
  /** A problem of this agent in words for the administrator. */
  explain(problem: Problem): string;
  start(context: AgentContext): Promise<AgentAnswer>;
  stop(context: AgentContext): Promise<AgentAnswer>;
  monitor(context: AgentContext): Promise<AgentAnswer>;
  announce(context: AgentContext): Promise<AgentAnswer>;
}
