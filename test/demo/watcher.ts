/** Keeps the picture up to date: asks both daemons how they are, and listens to what the client's probe sees. */
import type { StatusReport } from '../../src/protocol/status.ts';
import type { Host } from '../lab/host.ts';
import type { Lab } from '../lab/lab.ts';
import { sleep } from '../lab/machine.ts';
import type { ProbeEvent } from '../lab/measuring.ts';
import type { Pair } from '../lab/pair.ts';
import { seedAddress } from '../lab/seed.ts';
import type { NodeView, PairView } from './picture.ts';
import type { Screen } from './screen.ts';

const drawEveryMs = 50;
const askEveryMs = 100;
const hiccupMs = 20;

interface Known {
  readonly report: StatusReport | undefined;
  readonly atUs: number;
}

export class Watcher {
  private readonly lab: Lab;
  private readonly pair: Pair;
  private readonly screen: Screen;
  private readonly known = new Map<string, Known>();
  private lastOwner: string | undefined;
  private answering: string | undefined;
  private silentSinceUs: number | undefined;
  private running = false;

  constructor(lab: Lab, pair: Pair, screen: Screen) {
    this.lab = lab;
    this.pair = pair;
    this.screen = screen;
  }

  begin(): void {
    this.running = true;
    void this.keepAsking();
    void this.keepDrawing();
  }

  end(): void {
    this.running = false;
  }

  turn(): void {
    this.screen.turn(this.view());
  }

  clientSees(event: ProbeEvent): void {
    if (event.event === 'silent') {
      this.answering = undefined;
      this.silentSinceUs = event.sinceUs;
    }
    if (event.event === 'answers') {
      const owner = this.lab.nameOf(event.mac);
      const moved = owner !== this.lastOwner;
      this.answering = owner;
      this.lastOwner = owner;
      this.silentSinceUs = undefined;
      // A hiccup of the machine under the demo is not news.
      if (!moved && event.silentMs < hiccupMs) return;
      const gap = event.silentMs > 0 ? `, ${event.silentMs.toFixed(1)} ms after the last answer` : '';
      const text = `the client's answers come from ${owner}${gap}`;
      this.screen.event(this.screen.paint('owner', text), event.atUs);
    }
  }

  private async keepAsking(): Promise<void> {
    while (this.running) {
      await Promise.all(
        this.lab.hosts.map(async (host) => {
          const report = host.running ? await this.pair.status(host).catch(() => undefined) : undefined;
          this.known.set(host.name, { report, atUs: this.lab.nowUs() });
        }),
      );
      await sleep(askEveryMs);
    }
  }

  private async keepDrawing(): Promise<void> {
    while (this.running) {
      this.screen.draw(this.view());
      await sleep(drawEveryMs);
    }
  }

  private view(): PairView {
    const nodes = this.lab.hosts.map((host) => this.nodeView(host)) as [NodeView, NodeView];
    const links = [...this.known.values()].flatMap(
      ({ report }) => report?.nodes.flatMap((node) => node.links.map((link) => link.link)) ?? [],
    );
    return {
      nodes,
      links: [...new Set(links)],
      address: seedAddress,
      keepaliveMs: this.pair.options.keepaliveMs,
      silentMs: this.silentSinceUs === undefined ? 0 : (this.lab.nowUs() - this.silentSinceUs) / 1000,
      ...(this.answering === undefined ? {} : { answering: this.answering }),
    };
  }

  private nodeView(host: Host): NodeView {
    const own = this.known.get(host.name)?.report;
    const other = this.lab.hosts.find((one) => one !== host)!;
    const seen = this.known.get(other.name);
    const seenNode = seen?.report?.nodes.find((node) => node.name === host.name);
    const state = own?.nodes.find((node) => node.self)?.status ?? 'starting';
    const heard = seenNode?.lastHeardMs;
    return {
      name: host.name,
      power: host.running,
      state,
      owns: host.running && this.answering === host.name,
      services: host.running && this.pair.httpdRuns(host) ? ['httpd'] : [],
      ...(heard === undefined ? {} : { heardAgoMs: heard + (this.lab.nowUs() - seen!.atUs) / 1000 }),
    };
  }
}
