/**
 * systemd through its own command. `systemctl start` and `stop` come back when the job is done, and their exit code is
 * the job's; states are read with `show`, whose output is made for programs. No shell, a unit name can be no option.
 */
import type { JobEnd, ServiceManager, UnitState, UnitUnknown } from '../../ports/service-manager.ts';
import type { AgentEnd } from './agent-process.ts';
import { lastWords } from './last-words.ts';

const quiet = ['--no-ask-password', '--no-pager'] as const;
const properties = ['LoadState', 'ActiveState', 'SubState', 'Result', 'MainPID', 'ControlPID'] as const;

/** `run` calls `systemctl` with these arguments and sees to deadline and environment. */
export function createSystemctl(run: (args: readonly string[]) => Promise<AgentEnd>): ServiceManager {
  const job = async (verb: 'start' | 'stop', unit: string): Promise<JobEnd> => {
    const end = await run([...quiet, verb, '--', unit]);
    if (end.kind === 'not-started') return { ok: false, said: end.reason };
    const words = lastWords(end.output, end.errorOutput);
    const said = words === undefined ? {} : { said: words };
    if (end.kind === 'timeout') return { ok: false, timedOut: true, ...said };
    if (end.kind === 'signalled') return { ok: false, said: `systemctl ended by ${end.signal}` };
    return { ok: end.exitCode === 0, exitCode: end.exitCode, ...said };
  };
  return {
    start: (unit) => job('start', unit),
    stop: (unit) => job('stop', unit),
    async state(unit) {
      const end = await run([...quiet, 'show', `--property=${properties.join(',')}`, '--', unit]);
      if (end.kind === 'exited' && end.exitCode === 0) return stateIn(end.output);
      const timedOut = end.kind === 'timeout';
      const reason = end.kind === 'not-started' ? end.reason : (lastWords(end.output, end.errorOutput) ?? end.kind);
      return { kind: 'unknown', timedOut, reason };
    },
  };
}

/** `Name=value` lines in any order; one that lacks the state is no answer. */
function stateIn(output: string): UnitState | UnitUnknown {
  const values = new Map<string, string>();
  for (const line of output.split('\n')) {
    const equals = line.indexOf('=');
    if (equals > 0) values.set(line.slice(0, equals), line.slice(equals + 1).trim());
  }
  const active = values.get('ActiveState') ?? '';
  if (active === '') return { kind: 'unknown', timedOut: false, reason: 'systemctl show named no ActiveState' };
  return {
    kind: 'state',
    load: values.get('LoadState') ?? '',
    active,
    sub: values.get('SubState') ?? '',
    result: values.get('Result') ?? '',
    hasProcess: ['MainPID', 'ControlPID'].some((name) => Number(values.get(name) ?? 0) > 0),
  };
}
