/**
 * A Heartbeat 3.0.6 node as far as its peer can tell, after docs/wire-protocol.md and packets of real nodes: what it
 * claims, what it asks, and when it starts and stops what. It never yields, and restarts itself when it hears a node
 * again that it had declared dead. Scripts take their time here as there; nothing ever fails.
 */
import type { NodeEvent } from '../../../../src/core/events.ts';
import { type Message, messageOf, textOf } from '../../../../src/core/transport/message.ts';

export type Hold = 'none' | 'local' | 'foreign' | 'all';
export type Kind = 'local' | 'foreign';

/** What the twin may do. `own` groups are its `local` ones. */
export interface TwinPorts {
  nowMs(): number;
  /** Calls back after that time, unless the twin has died. */
  after(delayMs: number, act: () => void): void;
  send(message: Message, addressed?: boolean): void;
  status(status: 'init' | 'up' | 'active'): void;
  start(kind: Kind): void;
  stop(kind: Kind): void;
  /** Comes back as a new generation after that time. */
  restart(afterMs: number): void;
}

const scriptMs = 300;
const requestDelayMs = 10_000;

export class HeartbeatTwin {
  declaredDead = false;
  private readonly ports: TwinPorts;
  private readonly failback: 'on' | 'off';
  private readonly held = new Set<Kind>();
  private stable = false;
  private started = false;
  private nodesKnown = false;
  private commUp = false;
  private peer: 'unknown' | 'up' | 'dead' = 'unknown';
  private readonly other = { holds: 'none' as Hold, stable: false };
  private standby: { readonly role: 'asking' | 'giving' | 'handing' | 'taking'; readonly scope: string } | undefined;
  private ending = false;

  constructor(ports: TwinPorts, failback: 'on' | 'off') {
    this.ports = ports;
    this.failback = failback;
  }

  boot(initdeadMs: number): void {
    this.ports.status('up');
    this.ports.after(initdeadMs, () => {
      if (!this.commUp) this.alone();
    });
  }

  tell(event: NodeEvent): void {
    if (this.ending) return;
    if (event.type === 'peerHeard') this.heard(event.returning);
    if (event.type === 'peerSilent') this.silent();
    if (event.type === 'message') this.message(event.message);
  }

  /** `hb_standby`. */
  askStandby(scope: string): void {
    if (this.ending || !this.stable || this.standby !== undefined || this.peer !== 'up') return;
    this.standby = { role: 'asking', scope };
    this.say('ask_resources', { rsc_hold: scope, info: 'me' });
    this.ports.after(10_000, () => {
      if (this.standby?.role === 'asking') this.standby = undefined;
    });
  }

  takeover(scope: string): void {
    if (!this.ending) this.say('hb_takeover', { rsc_hold: scope });
  }

  /** SIGTERM. */
  stop(restartAfterMs?: number): void {
    if (this.ending) return;
    this.ending = true;
    this.claim('none', false, 'shutdown');
    this.ports.after(scriptMs, () => {
      for (const kind of this.held) this.ports.stop(kind);
      this.held.clear();
      this.say('shutdone', { st: 'dead' });
      this.ports.restart(restartAfterMs ?? 5000);
    });
  }

  private heard(returning: boolean): void {
    const back = returning && this.declaredDead;
    this.peer = 'up';
    if (back) {
      this.say('stonith', { node: this.peerName, result: 'unneeded' });
      this.ports.after(2000, () => this.stop(3000));
      return;
    }
    this.declaredDead = false;
    this.other.stable = false;
    if (!this.commUp) this.askNodes();
  }

  private askNodes(): void {
    if (this.nodesKnown || this.peer !== 'up') return;
    this.say('reqnodes', {}, true);
    this.ports.after(1000, () => this.askNodes());
  }

  private silent(): void {
    this.peer = 'dead';
    this.standby = undefined;
    this.alone();
  }

  private alone(): void {
    this.commUp = true;
    this.peer = 'dead';
    this.declaredDead = true;
    this.ports.status('active');
    if (!this.started) this.say('starting', {});
    this.started = true;
    this.other.holds = 'none';
    this.say('stonith', { node: this.peerName, result: 'n_stnth' });
    // All is counted as held at once, whatever the scripts have come to.
    const lacking = (['local', 'foreign'] as const).filter((kind) => !this.held.has(kind));
    for (const kind of lacking) this.held.add(kind);
    for (const [index, kind] of lacking.entries()) {
      this.ports.after((index * scriptMs) / 2, () => {
        if (this.held.has(kind)) this.ports.start(kind);
      });
    }
    this.stable = true;
    this.ports.after(scriptMs, () => this.claim(this.hold, true, 'req_our_resources()'));
    this.ports.after(2 * scriptMs, () => this.claim('foreign', undefined, 'mach_down'));
  }

  peerName = 'node1';

  private message(message: Message): void {
    const info = textOf(message, 'info');
    switch (textOf(message, 't')) {
      case 'reqnodes':
        return this.say('repnodes', { nodelist: 'node1 node2 ', delnodelist: ' ' }, true);
      case 'repnodes':
        return this.nodes();
      case 'starting':
        this.other.stable = false;
        if (this.started) this.claim(this.hold, this.stable);
        return this.bothStarting();
      case 'resource':
        return this.resource(message);
      case 'ask_resources':
        return this.asked(info ?? '', textOf(message, 'rsc_hold') ?? 'all');
      case 'hb_takeover': {
        const scope = textOf(message, 'rsc_hold') ?? 'all';
        return this.askStandby(scope === 'local' ? 'foreign' : scope === 'foreign' ? 'local' : 'all');
      }
      case 'shutdone':
        this.other.holds = 'none';
        return this.take(['local', 'foreign'], () => this.claim(this.hold, true));
    }
  }

  private nodes(): void {
    if (this.nodesKnown) return;
    this.nodesKnown = true;
    if (this.commUp) return;
    this.commUp = true;
    this.ports.status('active');
    this.ports.after(50, () => {
      this.started = true;
      this.say('starting', {});
    });
  }

  private bothStarting(): void {
    if (!this.started || this.stable) return;
    this.ports.after(requestDelayMs, () => {
      if (!this.stable) this.acquireOwn();
    });
  }

  private acquireOwn(): void {
    this.stable = true;
    this.claim('none', false);
    if (this.other.holds === 'none' || this.other.holds === 'local') this.take(['local'], () => {});
    this.claim(this.hold, true);
  }

  private resource(message: Message): void {
    const wasStable = this.other.stable;
    if (textOf(message, 'rtype') === 'full') this.other.holds = (textOf(message, 'rsc_hold') ?? 'none') as Hold;
    this.other.stable = textOf(message, 'isstable') === '1';
    if (!this.started || !this.other.stable) return;
    if (!this.stable) this.acquireOwn();
    else if (!wasStable) this.claim(this.hold, this.standby === undefined);
    const wanted = this.failback === 'on' && this.held.has('foreign') && this.other.holds === 'none';
    if (wanted) this.askStandby('foreign');
  }

  private asked(info: string, scope: string): void {
    if (info === 'me' && this.stable && this.standby === undefined) {
      this.standby = { role: 'taking', scope };
      this.say('ask_resources', { rsc_hold: scope, info: 'other' });
    }
    if (info === 'other' && this.standby?.role === 'asking') this.give(this.standby.scope);
    if (info !== 'done') return;
    if (this.standby?.role === 'handing') {
      this.standby = undefined;
      this.claim(this.hold, true);
    }
    if (this.standby?.role !== 'taking') return;
    // The other node's local is our foreign.
    const kinds: Kind[] = scope === 'all' ? ['local', 'foreign'] : [scope === 'local' ? 'foreign' : 'local'];
    this.take(kinds, () => {
      this.standby = undefined;
      this.say('ask_resources', { rsc_hold: scope, info: 'done' });
      this.claim(this.hold, true);
    });
  }

  private give(scope: string): void {
    const kinds = (['local', 'foreign'] as const).filter((kind) => scope === 'all' || scope === kind);
    this.standby = { role: 'giving', scope };
    const remaining = new Set([...this.held].filter((kind) => !kinds.includes(kind)));
    this.claim(holdOf(remaining), false, 'standby');
    this.ports.after(scriptMs, () => {
      if (this.standby?.role !== 'giving') return;
      for (const kind of kinds) {
        this.held.delete(kind);
        this.ports.stop(kind);
      }
      this.standby = { role: 'handing', scope };
      this.say('ask_resources', { rsc_hold: scope, info: 'done' });
    });
  }

  /** Started at once, claimed when the scripts are through. */
  private take(kinds: readonly Kind[], then: () => void): void {
    for (const kind of kinds) {
      if (this.held.has(kind)) continue;
      this.held.add(kind);
      this.ports.start(kind);
    }
    this.ports.after(scriptMs, () => {
      if (!this.ending) then();
    });
  }

  private get hold(): Hold {
    return holdOf(this.held);
  }

  private claim(hold: Hold, stable: boolean | undefined, info?: string): void {
    const full = stable === undefined ? {} : { rtype: 'full', isstable: stable ? '1' : '0' };
    this.say('resource', { rsc_hold: hold, ...full, ...(info === undefined ? {} : { info }) });
  }

  private say(type: string, fields: Record<string, string>, addressed = false): void {
    this.ports.send(messageOf(type, fields), addressed);
  }
}

function holdOf(kinds: ReadonlySet<Kind>): Hold {
  const local = kinds.has('local');
  return local && kinds.has('foreign') ? 'all' : local ? 'local' : kinds.has('foreign') ? 'foreign' : 'none';
}
