/** What a reload has done, or would do, for a person: the lines that differ, then each group. */
import { plainText } from './plain-text.ts';
import type { GroupPlanReport, ReloadReport } from './schemas.ts';

export function reloadText(report: ReloadReport): string {
  const { changes, groups, keysChanged, dryRun } = report;
  if (changes.length === 0 && !keysChanged)
    return 'Nothing differs: the running daemon has this configuration already.\n';
  const now = changes.filter(({ effect }) => effect === 'now');
  const later = changes.filter(({ effect }) => effect === 'restart');
  const parts = [];
  if (now.length > 0 || keysChanged) parts.push(dryRun ? 'A reload would take up:\n' : 'Taken up now:\n');
  parts.push(...now.map(lineText));
  if (keysChanged) parts.push('  the keys of authkeys\n');
  parts.push(...groups.map((group) => groupText(group, dryRun)));
  if (later.length > 0) parts.push('Only "heartbeat -R" takes up (it keeps the resources):\n', ...later.map(lineText));
  if (now.length > 0) parts.push('The other node needs the same files: reload it as well.\n');
  return parts.join('');
}

const lineText = ({ sign, line }: ReloadReport['changes'][number]): string => `  ${sign} ${plainText(line)}\n`;

function groupText({ group, change, runsHere, stops, restarts, starts }: GroupPlanReport, dryRun: boolean): string {
  const name = plainText(group);
  const verb = (done: string, planned: string): string => (dryRun ? planned : done);
  if (change === 'new') return `Group ${name} is new: it is started where it belongs when both nodes know it.\n`;
  if (change === 'removed')
    return runsHere
      ? `Group ${name} is gone from haresources: ${verb('it is being stopped', 'it would be stopped')}.\n`
      : `Group ${name} is gone from haresources; it does not run here.\n`;
  if (!runsHere) return `Group ${name} does not run here: its new list counts from its next start on.\n`;
  const does = [
    ...(stops.length > 0 ? [`stops ${stops.map(plainText).join(', ')}`] : []),
    ...(restarts.length > 0 ? [`restarts ${restarts.map(plainText).join(', ')}`] : []),
    ...(starts.length > 0 ? [`starts ${starts.map(plainText).join(', ')}`] : []),
  ];
  return `Group ${name}: ${does.join('; ')}. The rest goes on running.\n`;
}
