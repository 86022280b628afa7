/**
 * Whether the way back to Heartbeat 3.0.6 is open: would it load these files, and where would it do something else?
 * Read off the findings, each of which knows what 3.0.6 does with the same text.
 */
import { findingText } from './finding-texts.ts';
import type { Finding } from './findings.ts';

export interface HeartbeatVerdict {
  /** 3.0.6 would start with these files. */
  readonly loads: boolean;
  readonly refusals: readonly Finding[];
  /** It starts and does something else than the text says, or than this version does. */
  readonly differences: readonly Finding[];
}

export function judgeAsHeartbeat(findings: readonly Finding[]): HeartbeatVerdict {
  // It never opens pairbeat.conf, whatever is wrong in there.
  const seen = findings.filter((finding) => finding.file !== 'pairbeat.conf');
  const refusals = seen.filter((finding) => findingText(finding.code).heartbeat === 'refuses');
  const differences = seen.filter((finding) => findingText(finding.code).heartbeat === 'misreads');
  return { loads: refusals.length === 0, refusals, differences };
}

/** What `check` shows when it speaks for this version only. */
export function ownFindings(findings: readonly Finding[]): Finding[] {
  return findings.filter((finding) => !findingText(finding.code).onlyAsHeartbeat);
}
