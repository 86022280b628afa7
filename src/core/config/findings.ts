/**
 * What the parsers have to say about a file: where it is and which of the known findings it is. The words live in
 * finding-texts.ts. Findings are data, so that `check`, the daemon's log, JSON and the tests show the same thing.
 */
import type { FindingCode } from './finding-texts.ts';
import { findingText } from './finding-texts.ts';

export type ConfigurationFile = 'ha.cf' | 'haresources' | 'authkeys' | 'pairbeat.conf';
export type Severity = 'error' | 'warning' | 'note';
export type Fields = Readonly<Record<string, string | number | boolean>>;

/** A stretch of one line. Line 0 means the file as a whole; columns count from 1. */
export interface Place {
  readonly file: ConfigurationFile;
  readonly line: number;
  readonly column: number;
  readonly length: number;
  /** The line as it may be shown: secrets are masked. */
  readonly source: string;
}

export interface Finding extends Place {
  readonly severity: Severity;
  readonly code: FindingCode;
  readonly fields: Fields;
}

/** A damaged file of thousands of lines must not drown the first, telling findings. */
export const maxFindings = 200;

export interface Reporter {
  report(code: FindingCode, place: Place, fields?: Fields): void;
  readonly findings: readonly Finding[];
}

export function createReporter(): Reporter {
  const findings: Finding[] = [];
  return {
    findings,
    report(code, place, fields = {}) {
      if (findings.length > maxFindings) return;
      const last = findings.length === maxFindings;
      const chosen = last ? 'too-many-findings' : code;
      findings.push({
        severity: findingText(chosen).severity,
        code: chosen,
        file: place.file,
        line: last ? 0 : place.line,
        column: last ? 0 : place.column,
        length: last ? 0 : place.length,
        source: last ? '' : place.source,
        fields: last ? { limit: maxFindings } : fields,
      });
    },
  };
}

export function wholeFile(file: ConfigurationFile): Place {
  return { file, line: 0, column: 0, length: 0, source: '' };
}

const fileOrder: readonly ConfigurationFile[] = ['ha.cf', 'pairbeat.conf', 'authkeys', 'haresources'];

/** In reading order: file by file, line by line; findings of one place stay in the order in which they were made. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  return findings
    .map((finding, index) => ({ finding, index }))
    .sort(
      (left, right) =>
        fileOrder.indexOf(left.finding.file) - fileOrder.indexOf(right.finding.file) ||
        left.finding.line - right.finding.line ||
        left.finding.column - right.finding.column ||
        left.index - right.index,
    )
    .map(({ finding }) => finding);
}

export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some((finding) => finding.severity === 'error');
}
