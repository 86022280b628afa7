/**
 * Asks resources for their status, and stops them, without a daemon: for `ResourceManager` by hand. The executor is the
 * agent host's own, so an answer means the same here and there. It never starts anything: that is the ownership gate's.
 */
import type { GroupConfiguration, ResourceConfiguration } from '../core/config/configuration.ts';
import { createReporter, wholeFile } from '../core/config/findings.ts';
import { parseResource } from '../core/config/parse-resource.ts';
import { type GroupKey, groupKey } from '../core/types.ts';
import { createExecutor, type Executor } from '../io/agent-host/executor.ts';
import { createInventory } from '../io/agent-host/inventory.ts';
import { createOwnRunner } from '../io/agent-host/own-runner.ts';
import { createClock } from '../io/clock.ts';
import { createNetworkTools } from '../io/netlink/network-tools.ts';
import type { AgentAction, OperationResult } from '../ports/agents.ts';
import type { Directories } from '../protocol/directories.ts';

export interface ResourceProbe {
  status(resource: ResourceConfiguration): Promise<OperationResult>;
  stop(resource: ResourceConfiguration): Promise<OperationResult>;
}

const statusTimeoutMs = 30_000;
/** As long as an administrator at a terminal waits for one script. */
const stopTimeoutMs = 600_000;

export function createResourceProbe({ haDir, runDir }: Directories): ResourceProbe {
  const executor = executorFor(haDir, runDir);
  let id = 0;
  const perform = (resource: ResourceConfiguration, action: AgentAction, timeoutMs: number): Promise<OperationResult> =>
    new Promise((resolve) => {
      id += 1;
      executor.submit({ id, group: byHand, index: id, resource, action, timeoutMs }, resolve);
    });
  return {
    status: (resource) => perform(resource, 'status', statusTimeoutMs),
    stop: (resource) => perform(resource, 'stop', stopTimeoutMs),
  };
}

/** A resource as haresources names it, or any other word that could stand there; `undefined` when it could not. */
export function resourceNamed(word: string, groups: readonly GroupConfiguration[]): ResourceConfiguration | undefined {
  const known = groups.flatMap(({ resources }) => resources).find(({ written }) => written === word);
  if (known !== undefined) return known;
  const facts = { nodeName: '', directory: '', sha256: () => '' };
  return parseResource({ ...wholeFile('haresources'), text: word }, facts, createReporter());
}

const byHand: GroupKey = groupKey('byhand');

function executorFor(haDir: string, runDir: string): Executor {
  const clock = createClock();
  const settings = {
    haDir,
    initDir: '/etc/init.d',
    ocfRoot: '/usr/lib/ocf',
    agentStateDir: `${runDir}/agents`,
    environment: {},
    conflictCheck: false,
    stopTimeoutMs,
  };
  const own = createOwnRunner({
    net: createNetworkTools(),
    nowUs: clock.nowUs,
    haDir: () => haDir,
    conflictCheck: () => false,
    log: () => undefined,
    conflict: () => undefined,
  });
  const inventory = createInventory({ append: () => undefined }, []);
  return createExecutor({ clock, inventory, own, settings: () => settings, tokenPrefix: `byhand-${process.pid}` });
}
