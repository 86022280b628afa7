/** The name under which this process asks the daemon: that of its command, for `apiauth` lines and the audit log. */
import { basename } from 'node:path';

export function clientName(script: string | undefined = process.argv[1]): string | undefined {
  const name = basename(script ?? '').replace(/\.[cm]?[jt]s$/, '');
  return /^[A-Za-z0-9_.-]{1,64}$/.test(name) ? name : undefined;
}
