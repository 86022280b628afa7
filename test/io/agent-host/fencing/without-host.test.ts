/** The agent host is gone and cannot be started again: the daemon fences all the same. Runs from dist. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nodeName } from '../../../../src/core/types.ts';
import { createAgentHost } from '../../../../src/io/agent-host/agent-host.ts';
import { builtHostEntry } from '../../../../src/io/agent-host/host-launch.ts';
import type { FenceResult } from '../../../../src/ports/agents.ts';
import { soon } from '../../../soon.ts';
import { hostPid, isAlive } from '../real-harness.ts';

test('the daemon makes the attempt itself while there is no host, and ends it when it ends', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'pairbeat-no-host-'));
  const runDir = join(directory, 'run');
  const broken = join(directory, 'broken');
  const entry = join(directory, 'entry.mjs');
  mkdirSync(join(directory, 'stonith'), { recursive: true });
  writeFileSync(
    entry,
    `import { existsSync } from 'node:fs';\nif (existsSync('${broken}')) process.exit(1);\nawait import('${builtHostEntry}');\n`,
  );
  const agent = `#!/bin/sh\nread -r line; cat > ${directory}/input\n[ -e ${directory}/hang ] && { echo $$ > ${directory}/hang; exec sleep 1000; }\ngrep -q action=status ${directory}/input && exit 2\nexit 0\n`;
  writeFileSync(join(directory, 'stonith', 'fence_a'), agent, { mode: 0o755 });
  const host = createAgentHost({
    runDir,
    haDir: directory,
    stateDir: directory,
    environment: {},
    hostEntry: entry,
    fenceDevices: [{ name: 'a', type: 'fence_a', kind: 'agent', parameters: { form: 'named', values: { ip: 'x' } } }],
    log: { write: () => undefined },
  });
  try {
    const fenced: FenceResult[] = [];
    let lost = false;
    await host.connect(
      { deadtimeMs: 60_000, marginMs: 1000, realtime: false, realtimePriority: 1 },
      {
        result: () => undefined,
        lost: () => {
          lost = true;
        },
        ready: () => undefined,
        guardianActed: () => undefined,
        fenced: (result) => void fenced.push(result),
      },
    );
    const pid = hostPid(runDir)!;
    writeFileSync(broken, '');
    process.kill(pid, 'SIGKILL');
    await soon(() => expect(lost).toBe(true));
    host.fence({ attempt: 1, device: 'a', action: 'off', target: nodeName('node2'), timeoutMs: 10_000 });
    await soon(() => expect(fenced).toEqual([{ attempt: 1, outcome: 'confirmed', verified: true, detail: '' }]));
    expect(readFileSync(join(directory, 'input'), 'utf8')).toContain('nodename=node2');
    expect(isAlive(hostPid(runDir) ?? pid)).toBe(false);
    writeFileSync(join(directory, 'hang'), '');
    host.fence({ attempt: 2, device: 'a', action: 'off', target: nodeName('node2'), timeoutMs: 60_000 });
    await soon(() => expect(readFileSync(join(directory, 'hang'), 'utf8')).not.toBe(''));
    const device = Number(readFileSync(join(directory, 'hang'), 'utf8'));
    host.dismiss(true);
    await soon(() => expect(isAlive(device)).toBe(false));
  } finally {
    host.dismiss(true);
    rmSync(directory, { recursive: true, force: true });
  }
});
