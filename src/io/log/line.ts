/** How a line of the log looks in each place it may go to. */
import type { LogLevel } from '../../ports/log.ts';

export interface LogLine {
  readonly level: LogLevel;
  readonly text: string;
  readonly at: Date;
}

export interface LineOrigin {
  readonly host: string;
  readonly identifier: string;
  readonly pid: number;
}

/** syslog(3). */
export const severities: Readonly<Record<LogLevel, number>> = {
  critical: 2,
  error: 3,
  warning: 4,
  notice: 5,
  info: 6,
  debug: 7,
};

/** The words that people grep for in Heartbeat's ha-log. */
const levelWords: Readonly<Record<LogLevel, string>> = {
  critical: 'CRIT',
  error: 'ERROR',
  warning: 'WARN',
  notice: 'notice',
  info: 'info',
  debug: 'debug',
};

const textLimit = 2000;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** `Nov 20 18:06:01 node1 heartbeat: [4711]: WARN: text`, as Heartbeat writes with `syslogmsgfmt`. */
export function fileLine(line: LogLine, { host, identifier, pid }: LineOrigin): string {
  return `${timestamp(line.at)} ${host} ${identifier}: [${pid}]: ${levelWords[line.level]}: ${line.text}\n`;
}

/** `heartbeat[4711]: 2026/11/20_18:06:01 WARN: text`, as Heartbeat writes without `syslogmsgfmt`. */
export function oldFileLine(line: LogLine, { identifier, pid }: LineOrigin): string {
  return `${identifier}[${pid}]: ${oldTimestamp(line.at)} ${levelWords[line.level]}: ${line.text}\n`;
}

/** What journald reads from stderr (sd-daemon(3)): it adds time, host and identity itself. */
export function journalLine(line: LogLine): string {
  return `<${severities[line.level]}>${levelWords[line.level]}: ${line.text}\n`;
}

/** RFC 3164, as syslog(3) writes it to /dev/log. */
export function syslogDatagram(line: LogLine, { identifier, pid }: LineOrigin, facility: number): string {
  const priority = facility * 8 + severities[line.level];
  return `<${priority}>${timestamp(line.at)} ${identifier}[${pid}]: ${levelWords[line.level]}: ${line.text}`;
}

/** One line whatever it came from: a packet or an agent must not be able to forge a line of its own. */
export function singleLine(text: string): string {
  const printable = text.replace(/\s*\n\s*/g, ' | ').replace(/\p{Cc}/gu, '?');
  return printable.length > textLimit ? `${printable.slice(0, textLimit)} ...` : printable;
}

/** In the local time zone, like everything else in /var/log. */
function timestamp(at: Date): string {
  const day = String(at.getDate()).padStart(2, ' ');
  return `${months[at.getMonth()]} ${day} ${timeOfDay(at)}`;
}

function oldTimestamp(at: Date): string {
  return `${at.getFullYear()}/${two(at.getMonth() + 1)}/${two(at.getDate())}_${timeOfDay(at)}`;
}

function timeOfDay(at: Date): string {
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

const two = (number: number): string => String(number).padStart(2, '0');
