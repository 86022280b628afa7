/**
 * Asking every fence device now, for an administrator. What they answer goes to the core as well, so that `status` says the
 * same afterwards. Nothing is switched.
 */
import type { Configuration } from '../core/config/configuration.ts';
import type { NodeEvent } from '../core/events.ts';
import { failure, type Result, success } from '../core/result.ts';
import { nodeName, usPerMs } from '../core/types.ts';
import { createFencer, type Fencer } from '../io/agent-host/fencing/fencer.ts';
import { createClock } from '../io/clock.ts';
import type { AgentHost, AgentHostHandlers, FenceProbeResult } from '../ports/agents.ts';
import type { Clock } from '../ports/clock.ts';
import type { FenceProbeAnswer, FenceProbeReport } from '../protocol/fence-probe.ts';

export interface FenceProber {
  /** Problem code `fencing-not-configured`. */
  run(): Promise<Result<FenceProbeReport>>;
  /** Whatever a device has answered, asked for by whom ever. */
  answered(result: FenceProbeResult): void;
  /** What fence devices say, for the core. */
  handlers(tell: (event: NodeEvent) => void, clock: Pick<Clock, 'nowUs'>): FenceHandlers;
}

type FenceHandlers = Required<Pick<AgentHostHandlers, 'fenced' | 'fenceDeviceProbed'>>;

/** A device that is busy fencing does not answer; nor does one whose host was lost. */
const graceMs = 5000;

export function createFenceProber(
  configuration: Configuration,
  peer: string,
  host: Pick<AgentHost, 'probeFenceDevice'>,
  clock: Pick<Clock, 'nowUs'> = createClock(),
): FenceProber {
  const waiting = new Map<string, ((result: FenceProbeResult | undefined) => void)[]>();

  const ask = (device: string, timeoutMs: number): Promise<FenceProbeResult | undefined> =>
    new Promise((resolve) => {
      const late = setTimeout(() => resolve(undefined), timeoutMs + graceMs);
      late.unref();
      const asked = waiting.get(device) ?? [];
      asked.push((result) => {
        clearTimeout(late);
        resolve(result);
      });
      waiting.set(device, asked);
      host.probeFenceDevice({ device, target: nodeName(peer), timeoutMs });
    });

  const answered = (result: FenceProbeResult): void => {
    for (const tell of waiting.get(result.device) ?? []) tell(result);
    waiting.delete(result.device);
  };

  return {
    async run() {
      const { fencing, tuning, localNode } = configuration;
      if (fencing === undefined) return failure('fencing-not-configured');
      const devices = await Promise.all(
        fencing.devices.map(async ({ name, type }): Promise<FenceProbeAnswer> => {
          const askedUs = clock.nowUs();
          const result = await ask(name, tuning.fenceTimeoutMs);
          const took = result?.ok === true ? { tookMs: Math.round((clock.nowUs() - askedUs) / usPerMs) } : {};
          return { name, type, ok: result?.ok ?? false, detail: result?.detail ?? notAnswered, ...took };
        }),
      );
      return success({ node: localNode, peer, devices, delayMs: tuning.fenceDelayMs });
    },
    answered,
    handlers: (tell, { nowUs }) => ({
      fenced: (result) => tell({ type: 'fenceResult', nowUs: nowUs(), ...result }),
      fenceDeviceProbed(result) {
        tell({ type: 'fenceDeviceProbed', nowUs: nowUs(), ...result });
        answered(result);
      },
    }),
  };
}

const notAnswered = 'not asked: it is fencing at this moment, or the agent host is being restarted';

/** Where no daemon runs: by this process. */
export async function probeFenceDevicesAlone(
  configuration: Configuration,
  toolsDir: string,
  secretsDir: string,
): Promise<Result<FenceProbeReport>> {
  const clock = createClock();
  const { fencing, directory, nodes, localNode } = configuration;
  const fencer: Fencer = createFencer({
    nowMs: () => clock.nowUs() / 1000,
    devices: () => fencing?.devices ?? [],
    haDir: () => directory,
    toolsDir: () => toolsDir,
    secretsDir,
    marker: `probe ${process.pid}`,
    log: () => undefined,
  });
  const peer = nodes.find((node) => node !== localNode);
  if (peer === undefined) return failure('no-peer-configured', { node: localNode });
  const prober = createFenceProber(configuration, peer, {
    probeFenceDevice: (probe) =>
      void fencer.probe(probe).then((result) => {
        if (result !== undefined) prober.answered(result);
      }),
  });
  return prober.run();
}
