/**
 * One failover, told twice: by the journal of the node that took over, and by the client that was without its address.
 * Both use the boot-time clock, so the two accounts can be laid over each other.
 */
import { join } from 'node:path';
import type { JournalRecord } from '../../src/core/journal-records.ts';
import { type FailoverReport, failovers } from '../../src/core/waterfall.ts';
import { readRecords } from '../../src/io/journal/read.ts';
import { eventually } from '../lab/expect.ts';
import type { Host } from '../lab/host.ts';
import type { Outage } from '../lab/probe.ts';
import type { Paint } from './picture.ts';

export interface FailoverAccount {
  readonly report: FailoverReport;
  /** Last keepalive heard, or request received: zero of the phases. */
  readonly zeroUs: number;
  /** By the journal the address was announced at this time. */
  readonly announcedUs: number;
}

/** How well the two accounts must agree to be called one. */
export const agreementMs = 2;

const barWidth = 44;

/** Reads the journal of the new owner until it tells of an address that began to serve after `sinceUs`. */
export async function accountOf(host: Host, sinceUs: number): Promise<FailoverAccount> {
  const account = await eventually(
    `the journal of ${host.name} tells of the failover`,
    async () => accountFrom(await readRecords(join(host.stateDirectory, 'journal')), sinceUs),
    (found) => found !== undefined,
  );
  return account!;
}

/** The address is the first resource of its group; what comes after it in the group is not the client's matter. */
function accountFrom(records: readonly JournalRecord[], sinceUs: number): FailoverAccount | undefined {
  const ofAddress = records.filter((record) => !('index' in record) || record.index === 0);
  const served = ofAddress.findLast((record) => record.kind === 'operationResult' && record.action === 'start');
  if (served?.kind !== 'operationResult' || served.announcedUs === undefined || served.us < sinceUs) return undefined;
  const report = failovers(ofAddress, served.us).at(-1);
  if (report === undefined || report.totalMs === 0) return undefined;
  return { report, announcedUs: served.announcedUs, zeroUs: served.announcedUs - report.totalMs * 1000 };
}

/** The phases as bars on one scale, and the client's account under the same zero. */
export function tellAccount({ report, zeroUs, announcedUs }: FailoverAccount, outage: Outage, paint: Paint): string[] {
  const since = (us: number) => (us - zeroUs) / 1000;
  const scaleMs = Math.max(report.totalMs, since(outage.toUs));
  const bar = (startMs: number, endMs: number) => {
    const from = Math.round((Math.max(0, startMs) / scaleMs) * barWidth);
    const to = Math.max(from + 1, Math.round((endMs / scaleMs) * barWidth));
    return `${' '.repeat(Math.min(from, barWidth - 1))}${'█'.repeat(Math.max(1, Math.min(to, barWidth) - from))}`;
  };
  const line = (name: string, startMs: number, endMs: number, tone: 'plain' | 'strong') => {
    const figure = (endMs - startMs).toFixed(1).padStart(8);
    return `             ${name.padEnd(9)}${figure} ms  ${paint(tone, bar(startMs, endMs))}`;
  };
  const phases = report.phases.filter((phase) => phase.endMs > phase.startMs);
  const zero = report.kind === 'crash' ? 'the last keepalive' : 'the request';
  return [
    '',
    `             From ${zero} (0) to the address on the other node, by its journal:`,
    ...phases.map((phase) => line(phase.name, phase.startMs, phase.endMs, 'plain')),
    line('client', since(outage.fromUs), since(outage.toUs), 'strong'),
    `             ${agreement(since(announcedUs), since(outage.toUs))}`,
    '',
  ];
}

function agreement(announcedMs: number, answeredMs: number): string {
  const apart = Math.abs(answeredMs - announcedMs);
  const both = `announced at ${announcedMs.toFixed(1)} ms, first answer to the client at ${answeredMs.toFixed(1)} ms`;
  if (apart <= agreementMs) return `The journal and the client agree: ${both} (${apart.toFixed(1)} ms apart).`;
  return `The journal and the client differ by ${apart.toFixed(1)} ms: ${both}.`;
}
