/**
 * What the daemon does for its machine beside managing resources, in one place: programs of respawn and failfast lines,
 * the watchdog, systemd's supervision, and the alarms about them. All of it hangs on one sign, that a keepalive has gone
 * out.
 */
import { ownStatus, peerStatus } from '../core/cluster-events.ts';
import type { Configuration } from '../core/config/configuration.ts';
import type { Engine } from '../core/engine.ts';
import { letterOf, stageOf } from '../core/node-state.ts';
import { protectionOf } from '../core/protection.ts';
import type { ServiceView } from '../core/services/service.ts';
import type { WatchdogView } from '../core/watchdog-view.ts';
import type { AgentHost, AgentHostHandlers } from '../ports/agents.ts';
import type { Clock } from '../ports/clock.ts';
import { createDaemonAlarms, type DaemonAlarm } from './daemon-alarms.ts';
import { createDaemonServices } from './services.ts';
import { createSupervision } from './supervision.ts';

export interface MachineCare {
  /** For the agent host's words about programs and watchdog. */
  readonly handlers: Required<Pick<AgentHostHandlers, 'services' | 'watchdog'>>;
  keepaliveSent(): void;
  /** An operator's cleanup. */
  retry(): void;
  /** Before the daemon ends on purpose: stops the programs, last first. */
  end(): Promise<void>;
  report(): {
    readonly services: readonly ServiceView[];
    readonly watchdog: WatchdogView | undefined;
    readonly alarms: readonly DaemonAlarm[];
  };
}

export interface MachineCareParts {
  readonly configuration: Configuration;
  readonly engine: Engine;
  readonly host: Pick<AgentHost, 'runServices' | 'retryServices'>;
  readonly clock: Clock;
}

/** Programs get 5 s each before they are killed; a long list is not waited for to its end. */
const endLimitMs = 60_000;

export function createMachineCare({ configuration, engine, host, clock }: MachineCareParts): MachineCare {
  const alarms = createDaemonAlarms(clock);
  const services = createDaemonServices(host, alarms);
  const supervision = createSupervision({
    clock,
    keepaliveMs: configuration.timing.keepaliveMs,
    status: () => statusLine(engine),
  });
  let watchdog: WatchdogView | undefined;
  return {
    handlers: {
      services: (views) => services.told(views),
      watchdog(view) {
        watchdog = view;
        const troubled = (state: WatchdogView['state']) => (view?.state === state ? [view.device] : []);
        alarms.keep('watchdog-not-guarding', troubled('unavailable'), { reason: view?.reason ?? '' });
        alarms.keep('watchdog-will-reset', troubled('condemned'));
      },
    },
    keepaliveSent() {
      if (stageOf(engine.node) === 'member') services.begin(configuration.services);
      supervision.progress();
    },
    retry: () => services.retry(),
    end: () => services.stopAll(endLimitMs),
    report: () => ({ services: services.views(), watchdog, alarms: alarms.list() }),
  };
}

function statusLine({ node }: Engine): string {
  const { self, peer } = node.options;
  const running = node.groups.filter((group) => letterOf(group) === 'r').map((group) => group.configuration.key);
  const runs = node.options.unmanaged
    ? 'crm mode, manages no resources'
    : running.length === 0
      ? 'runs no group'
      : `runs ${running.join(' ')}`;
  return `${self} is ${ownStatus(node)}, ${peer} is ${peerStatus(node)}; ${runs}; ${protectionOf(node).state}`.slice(
    0,
    500,
  );
}
