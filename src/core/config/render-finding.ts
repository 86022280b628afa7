/**
 * A finding as a person reads it: where, what, the line with a caret under the spot, what to do.
 */
import { findingText } from './finding-texts.ts';
import type { Finding } from './findings.ts';

const widestSource = 100;

/** Several lines without a line end at the last. `label` stands for the severity. */
export function renderFinding(finding: Finding, label: string = finding.severity): string {
  const text = findingText(finding.code);
  const lines = [`${placeOf(finding)}: ${label}: ${text.problem(finding.fields)}`];
  if (finding.line > 0) lines.push(...caretLines(finding));
  const advice = text.advice?.(finding.fields).trim();
  if (advice) lines.push(`    ${advice}`);
  return lines.join('\n');
}

/** `ha.cf:3:11`, or only the file when it is about the file as a whole. */
function placeOf({ file, line, column }: Finding): string {
  return line > 0 ? `${file}:${line}:${column}` : file;
}

/** A long line is cut to a window round the spot, so that the caret stays under it on any terminal. */
function caretLines({ line, column, length, source }: Finding): string[] {
  const start = Math.max(0, Math.min(column - 1 - 40, source.length - widestSource));
  const before = start > 0 ? '...' : '';
  const window = source.slice(start, start + widestSource);
  const after = start + widestSource < source.length ? '...' : '';
  const gutter = `${line}`.padStart(6);
  // Tabs are kept in the padding, so that it is as wide as the text above it.
  const padding = `${before}${window}`.slice(0, before.length + column - 1 - start).replace(/[^\t]/g, ' ');
  const width = Math.max(1, Math.min(length, window.length - (column - 1 - start)));
  const missing = ' '.repeat(Math.max(0, before.length + column - 1 - start - padding.length));
  return [`${gutter} | ${before}${window}${after}`, `${' '.repeat(6)} | ${padding}${missing}${'^'.repeat(width)}`];
}
