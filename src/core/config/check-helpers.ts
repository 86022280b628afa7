/** What the built-in helpers need from the rest of ha.cf to be of any use. */
import type { Configuration } from './configuration.ts';
import type { Reporter } from './findings.ts';
import type { HaCf } from './ha-cf.ts';

export function checkHelpers(haCf: HaCf, failback: Configuration['autoFailback'], reporter: Reporter): void {
  for (const { helper, place } of haCf.helpers) {
    if (helper.kind === 'ipfail' && failback === 'legacy') reporter.report('ipfail-legacy', place);
    const asksNobody = helper.kind === 'ipfail' || (helper.kind === 'pingd' && helper.hosts.length === 0);
    if (asksNobody && haCf.pingNodes.length === 0)
      reporter.report('helper-without-ping', place, { helper: helper.kind });
  }
}
