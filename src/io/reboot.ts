/**
 * Restarts this machine at once, as `reboot -nf` does: no shut-down, no sync. Only for a failfast program that died:
 * whoever wrote that line wants the machine gone rather than without it.
 *
 * reboot(2) in a container ends that container. Where it is not permitted, /proc/sysrq-trigger is tried, but never from
 * within a container: that file would restart the machine underneath, with everybody else on it.
 */
import { readlinkSync, writeFileSync } from 'node:fs';
import { failure, type Result, success } from '../core/result.ts';
import { libc } from './libc.ts';

/** LINUX_REBOOT_CMD_RESTART */
const restart = 0x01234567;
/** The process id namespace of the machine itself (PROC_PID_INIT_INO, the same on every Linux). */
const machinesNamespace = 'pid:[4026531836]';

/** The ways there are; tests have others. */
export interface RebootWays {
  /** Undefined when there is no native call; else 0, or an error's name. */
  system(): string | 0 | undefined;
  namespace(): string;
  trigger(): void;
}

/** Does not return when it works, except in a container, whose end comes a moment later. */
export function rebootMachine(ways: RebootWays = realWays): Result<void> {
  const refused = ways.system();
  if (refused === 0) return success(undefined);
  const reason = refused ?? 'no native calls on this platform';
  try {
    if (ways.namespace() !== machinesNamespace) return failure('reboot-failed', { reason });
    ways.trigger();
    return success(undefined);
  } catch (error) {
    return failure('reboot-failed', { reason: `${reason}, sysrq: ${(error as NodeJS.ErrnoException).code ?? error}` });
  }
}

const realWays: RebootWays = {
  system() {
    const native = libc();
    if (native === undefined) return undefined;
    return native.reboot(restart) === 0 ? 0 : native.lastError();
  },
  namespace: () => readlinkSync('/proc/self/ns/pid'),
  trigger: () => writeFileSync('/proc/sysrq-trigger', 'b'),
};
