/**
 * A plugin of cluster-glue, through its `stonith` command: positional parameters in a file that only root can read, named
 * ones in the environment (`-E`). Its exit code is all there is: confirmed, never verified.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FenceDevice, plugOf } from '../../../core/config/fencing/fence-device.ts';
import { nodeName } from '../../../core/types.ts';
import type { AgentEnd } from '../agent-process.ts';
import { exitCodeOf, type FenceAdapter, notDone, wordsOf } from './fence-report.ts';
import type { FenceRun } from './fence-run.ts';

export function createStonithPlugin(device: FenceDevice, command: string, secretsDir: string): FenceAdapter {
  const ask = (run: FenceRun, ...args: string[]): Promise<AgentEnd> => {
    const { parameters, type } = device;
    if (parameters.form === 'named')
      return run.call({ file: command, args: ['-t', type, '-E', ...args], environment: parameters.values });
    return withFile(secretsDir, parameters.text, (file) =>
      run.call({ file: command, args: ['-t', type, '-F', file, ...args] }),
    );
  };

  return {
    async fence(run, action, target) {
      const host = plugOf(device.parameters, nodeName(target)) ?? target;
      const end = await ask(run, '-T', action, host);
      if (exitCodeOf(end) !== 0) return notDone(device, action, end);
      return { outcome: 'confirmed', verified: false, detail: wordsOf(device, action, end) };
    },
    async probe(run, target) {
      const status = await ask(run, '-S');
      if (exitCodeOf(status) !== 0) return { ok: false, detail: wordsOf(device, 'status', status) };
      const end = await ask(run, '-l');
      const hosts = end.kind === 'exited' && end.exitCode === 0 ? end.output.toLowerCase().split(/\s+/) : [];
      const host = plugOf(device.parameters, nodeName(target)) ?? target;
      if (hosts.includes(host.toLowerCase())) return { ok: true, detail: wordsOf(device, 'status', status) };
      return { ok: false, detail: `it does not list ${host}` };
    },
  };
}

async function withFile<Value>(directory: string, text: string, use: (file: string) => Promise<Value>): Promise<Value> {
  const place = mkdtempSync(join(directory === '' ? tmpdir() : directory, 'fence-'));
  try {
    const file = join(place, 'parameters');
    writeFileSync(file, `${text}\n`, { mode: 0o600 });
    return await use(file);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}
