/**
 * Two nodes with a configuration store each, the network between them, and virtual time. Membership is an oracle that is late, and
 * late on each side by itself: for a while one node may think that it is alone when the other does not.
 */
import type { StoreMessage } from '../../src/core/cib/store/messages.ts';
import { fromMessage, toMessage } from '../../src/core/cib/store/wire.ts';
import { Draw } from '../sim/world/draw.ts';
import { StoreChecker } from './checker.ts';
import { StoreNode } from './node.ts';

interface Planned {
  readonly atUs: number;
  readonly order: number;
  readonly run: () => void;
}

export interface Network {
  isUp: boolean;
  loss: number;
  duplicates: number;
  delayUs: readonly [number, number];
}

export class World {
  nowUs = 0;
  readonly counts = new Map<string, number>();
  readonly checker: StoreChecker;
  readonly nodes: readonly [StoreNode, StoreNode];
  readonly network: Network = { isUp: true, loss: 0, duplicates: 0, delayUs: [50, 2000] };
  readonly draw: Draw;
  /** Index of the node that coordinates while both are members. */
  leader: number;
  #planned: Planned[] = [];
  #order = 0;
  readonly #net: Draw;

  constructor(seed: number) {
    this.draw = new Draw(seed, 'world');
    this.#net = new Draw(seed, 'network');
    this.leader = this.draw.between(0, 1);
    this.checker = new StoreChecker(this);
    this.nodes = [
      new StoreNode(this, 'alpha', 0, new Draw(seed, 'alpha')),
      new StoreNode(this, 'beta', 1, new Draw(seed, 'beta')),
    ];
  }

  /** `undefined`: nobody reads along. */
  tell: ((line: string) => void) | undefined;

  trace(who: StoreNode, line: () => string): void {
    this.tell?.(`${(this.nowUs / 1e6).toFixed(6)} ${who.name.padEnd(5)} ${line()}`);
  }

  count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  plan(delayUs: number, run: () => void): void {
    const planned = { atUs: this.nowUs + delayUs, order: this.#order++, run };
    let at = this.#planned.length;
    while (at > 0 && isLater(planned, this.#planned[at - 1]!)) at--;
    this.#planned.splice(at, 0, planned);
  }

  runUntil(endUs: number): void {
    for (let next = this.#planned.at(-1); next !== undefined && next.atUs <= endUs; next = this.#planned.at(-1)) {
      this.#planned.pop();
      this.nowUs = next.atUs;
      next.run();
      if (this.checker.objections.length > 0) return;
    }
    this.nowUs = endUs;
  }

  peerOf(node: StoreNode): StoreNode {
    return this.nodes[0] === node ? this.nodes[1] : this.nodes[0];
  }

  send(from: StoreNode, message: StoreMessage): void {
    const to = this.peerOf(from);
    const { isUp, loss, duplicates, delayUs } = this.network;
    const read = fromMessage(toMessage(message));
    if (read === undefined) return this.checker.object('wire', `a message that cannot be read: ${message.kind}`);
    this.count(`message ${message.kind}`);
    const [fromLife, toLife] = [from.life, to.life];
    const copies = this.#net.chance(duplicates) ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      if (!isUp || this.#net.chance(loss)) continue;
      this.plan(this.#net.between(delayUs[0], delayUs[1]), () => {
        if (from.life !== fromLife || to.life !== toLife) return;
        this.trace(to, () => `hears ${short(read)}`);
        to.handle({ type: 'message', message: read });
      });
    }
  }

  /** Somebody came, went, or lost sight: each side notices in its own time. */
  membershipChanged(): void {
    for (const node of this.nodes) {
      const { life } = node;
      const peerLife = this.peerOf(node).life;
      this.plan(this.#net.between(1_000, 400_000), () => {
        if (node.life === life && this.peerOf(node).life === peerLife) this.#tell(node, peerLife);
      });
    }
  }

  #tell(node: StoreNode, peerLife: number): void {
    if (node.state === undefined) return;
    const peer = this.peerOf(node);
    const isThere = this.network.isUp && peer.state !== undefined;
    const known = this.#toldLife.get(node.name);
    const told = `${node.life} ${peerLife}`;
    if (isThere === node.seesPeer && (!isThere || known === told)) return;
    if (node.seesPeer) node.handle({ type: 'peer', isMember: false, leads: false });
    node.seesPeer = isThere;
    if (isThere) node.meetings += 1;
    this.#toldLife.set(node.name, told);
    if (isThere) node.handle({ type: 'peer', isMember: true, leads: this.nodes[this.leader] === node });
  }

  readonly #toldLife = new Map<string, string>();
}

/** Digests by their first digits, data by nothing. */
export function short(value: unknown): string {
  return JSON.stringify(value, (name, each: unknown) =>
    typeof each === 'string' && /^[0-9a-f]{64}$/.test(each)
      ? each.slice(0, 8)
      : each instanceof Uint8Array || name === 'document' || name === 'chain'
        ? undefined
        : each,
  );
}

function isLater(left: Planned, right: Planned): boolean {
  return left.atUs > right.atUs || (left.atUs === right.atUs && left.order > right.order);
}
