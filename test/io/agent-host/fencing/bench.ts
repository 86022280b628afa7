/** A directory with device scripts of a test, and a fencer that runs them as the agent host does. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FenceDevice, fenceKindOf, readParameters } from '../../../../src/core/config/fencing/fence-device.ts';
import type { Problem } from '../../../../src/core/result.ts';
import { nodeName } from '../../../../src/core/types.ts';
import { createFencer, type Fencer } from '../../../../src/io/agent-host/fencing/fencer.ts';
import type { FenceProbeResult, FenceResult } from '../../../../src/ports/agents.ts';

export interface FenceBench {
  readonly directory: string;
  readonly fencer: Fencer;
  readonly logged: { readonly level: string; readonly message: Problem }[];
  /** A device of this type with these words of its line; the script sees the directory as $D. */
  device(type: string, parameters: string, script: string): FenceDevice;
  fence(action?: 'reset' | 'off', timeoutMs?: number): Promise<FenceResult>;
  probe(timeoutMs?: number): Promise<FenceProbeResult | undefined>;
  /** What scripts wrote into a file of that name, line by line. */
  lines(name: string): string[];
  close(): void;
}

export const target = nodeName('node2');
const pair = { self: nodeName('node1'), peer: target };

export function openFenceBench(): FenceBench {
  const directory = mkdtempSync(join(tmpdir(), 'pairbeat-fence-'));
  const logged: FenceBench['logged'] = [];
  let device: FenceDevice | undefined;
  let attempt = 0;
  const fencer = createFencer({
    nowMs: () => performance.now(),
    devices: () => (device === undefined ? [] : [device]),
    haDir: () => directory,
    toolsDir: () => join(directory, 'tools'),
    secretsDir: directory,
    marker: directory,
    log: (level, message) => void logged.push({ level, message }),
  });
  return {
    directory,
    fencer,
    logged,
    device(type, parameters, script) {
      const file = join(directory, 'stonith', type);
      mkdirSync(join(file, '..'), { recursive: true });
      writeFileSync(file, `#!/bin/sh\nD=${directory}\n${script}`, { mode: 0o755 });
      const words = parameters.split(/\s+/).filter((word) => word !== '');
      device = { name: type, type, kind: fenceKindOf(type) ?? 'plugin', parameters: readParameters(words), pair };
      return device;
    },
    fence(action = 'off', timeoutMs = 10_000) {
      attempt += 1;
      return fencer.fence({ attempt, device: device?.name ?? 'none', action, target, timeoutMs });
    },
    probe: (timeoutMs = 10_000) => fencer.probe({ device: device?.name ?? 'none', target, timeoutMs }),
    lines(name) {
      const file = join(directory, name);
      return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
    },
    close: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** The head of an agent: reads its input, answers `metadata` with these actions, notes every other action. */
export const agentHead = (actions: string, parameters = 'plug'): string => `
while IFS= read -r line; do
  echo "$line" >> $D/input
  case "$line" in action=*) action=\${line#action=} ;; esac
done
if [ "$action" = metadata ]; then
  for name in ${parameters}; do echo "<parameter name=\\"$name\\" unique=\\"0\\">"; done
  for name in ${actions}; do echo "<action name=\\"$name\\"/>"; done
  exit 0
fi
echo "$action" >> $D/actions
`;
