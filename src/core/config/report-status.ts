/** Says of a directive that it does not do here what Heartbeat's documentation promises. */
import type { Directive } from './directives.ts';
import type { Reporter } from './findings.ts';
import type { Word } from './lexer.ts';

/** One line for every directive that does not do here what it says. `value` is what was asked for, if it matters. */
export function reportStatus(reporter: Reporter, directive: Directive, place: Word, value = ''): void {
  if (directive.status === 'active' || directive.harmless?.includes(value.toLowerCase())) return;
  // What becomes of these depends on other lines: check-manager.ts.
  if (['crm', 'pacemaker', 'autojoin'].includes(directive.name)) return;
  const fields = { directive: directive.name, value, reason: directive.reason ?? '' };
  if (directive.status === 'no-effect') reporter.report('directive-no-effect', place, fields);
  else reporter.report('directive-refused', place, fields);
}
