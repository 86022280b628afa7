/** Who manages resources: haresources, or crm mode, which this version recognises and cannot run. */
import type { Configuration } from './configuration.ts';
import type { Reporter } from './findings.ts';
import type { HaCf } from './ha-cf.ts';
import { readBoolean } from './values.ts';

/** Everything but a spelling of "no" switches crm mode on, as in Heartbeat: `respawn`, `manual`, `minimal`, ... */
export function resourceManagerOf({ scalars }: HaCf): Configuration['resourceManager'] {
  const written = scalars.get('crm');
  return written === undefined || readBoolean(String(written.value)) === false ? 'haresources' : 'crm';
}

/** With haresources a stranger that joins would be asked to take resources; in crm mode it is only not let in. */
export function checkManager(haCf: HaCf, reporter: Reporter): void {
  const manager = resourceManagerOf(haCf);
  const crm = haCf.scalars.get('crm');
  if (manager === 'crm' && crm !== undefined) reporter.report('crm-mode', crm.place, { written: crm.written });
  const autojoin = haCf.scalars.get('autojoin');
  if (autojoin === undefined || autojoin.value === 'none') return;
  const code = manager === 'crm' ? 'autojoin-named-only' : 'autojoin-with-haresources';
  reporter.report(code, autojoin.place, { value: autojoin.written });
}
