/** Directives whose words belong together: mcast, ucast, respawn, apiauth, the fence devices. */
import { unsupportedMedia } from './directives/links.ts';
import type { Directive } from './directives.ts';
import { parseFenceLine } from './fencing/parse-fence-line.ts';
import type { ParserContext } from './ha-cf.ts';
import type { Line, Word } from './lexer.ts';
import { endOfLine } from './lexer.ts';
import { parseMonitorInterval } from './monitor-intervals.ts';
import { parseApiauth } from './parse-apiauth.ts';
import { linkWords, parseLink } from './parse-link.ts';
import { parsePingGroup } from './parse-ping.ts';
import { parseProgram } from './parse-program.ts';
import { reportStatus } from './report-status.ts';

export function parseLineDirective(
  context: ParserContext,
  directive: Directive,
  name: Word,
  words: readonly Word[],
  line: Line,
): void {
  const { reporter, result } = context;
  if (directive.name === 'watchdog' && words.length === 0) {
    reporter.report('value-missing', name, { directive: name.text, usage: directive.usage });
    return;
  }
  const missing = requiredWords(directive)[words.length];
  if (missing !== undefined) {
    reporter.report('arguments-missing', endOfLine(line), {
      directive: directive.name,
      missing,
      usage: directive.usage,
    });
    if (directive.name in linkWords) result.linkErrors += 1;
    return;
  }
  if (unsupportedMedia.includes(directive.name)) result.unsupported.push({ name: directive.name, place: name });
  if (directive.name === 'ping_group') parsePingGroup(context, words);
  if (directive.name in linkWords) parseLink(context, directive.name, words, `${directive.name} ${directive.usage}`);
  else if (directive.name === 'respawn' || directive.name === 'failfast') parseProgram(context, directive, words);
  else if (directive.name === 'apiauth') parseApiauth(context, words);
  else if (directive.name === 'watchdog') parseWatchdog(context, words);
  else if (directive.name === 'monitor_interval_of') parseMonitorInterval(context, directive, words);
  else if (directive.name.startsWith('stonith')) parseFenceLine(context, directive, words);
  reportStatus(reporter, directive, name, words[0]?.text);
}

function requiredWords(directive: Directive): readonly string[] {
  switch (directive.name) {
    case 'ping_group':
      return ['name', 'address'];
    case 'respawn':
    case 'failfast':
      return ['user', 'program'];
    case 'apiauth':
      return ['client', 'uid= or gid='];
    case 'monitor_interval_of':
      return ['resource, group or type', 'time'];
    case 'stonith':
      return ['type'];
    case 'stonith_host':
      return ['host', 'type'];
    default:
      return linkWords[directive.name] ?? [];
  }
}

function parseWatchdog({ host, reporter, result }: ParserContext, words: readonly Word[]): void {
  for (const device of words) {
    const first = result.seen.get('watchdog');
    if (first !== undefined) reporter.report('directive-once', device, { directive: 'watchdog', line: first.line });
    else if (host.fileKind?.(device.text) === 'missing')
      reporter.report('watchdog-device', device, { device: device.text });
    result.seen.set('watchdog', device);
    result.watchdog ??= device.text;
  }
}
