/** The daemon and this host may be protected from the out-of-memory killer; what agents start must not be (proc(5)). */
import { readFileSync, writeFileSync } from 'node:fs';

let ownScore: string | undefined;

export function normalOutOfMemoryScore(pid: number): void {
  try {
    ownScore ??= readFileSync('/proc/self/oom_score_adj', 'latin1').trim();
    if (ownScore !== '0') writeFileSync(`/proc/${pid}/oom_score_adj`, '0');
  } catch {
    // It has ended already, or /proc says no: it keeps the score.
  }
}
