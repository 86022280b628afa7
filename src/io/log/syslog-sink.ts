/** Lines to /dev/log under the facility of `logfacility`. A syslog daemon that is away or too slow costs lines, not time. */
import { openUnixDatagram } from '../unix-datagram.ts';
import { type LineOrigin, type LogLine, syslogDatagram } from './line.ts';

/** syslog(3); the names that Heartbeat accepts. */
const facilities: Readonly<Record<string, number>> = {
  kern: 0,
  user: 1,
  mail: 2,
  daemon: 3,
  auth: 4,
  syslog: 5,
  lpr: 6,
  news: 7,
  uucp: 8,
  cron: 9,
  authpriv: 10,
  ftp: 11,
  local0: 16,
  local1: 17,
  local2: 18,
  local3: 19,
  local4: 20,
  local5: 21,
  local6: 22,
  local7: 23,
};

/** `undefined` for `none`, an unknown facility (the configuration has been checked), or without native calls. */
export function createSyslogSink(
  facility: string,
  origin: LineOrigin,
  socket = '/dev/log',
): { put(line: LogLine): void } | undefined {
  const number = facilities[facility];
  const sender = number === undefined ? undefined : openUnixDatagram(socket);
  if (number === undefined || sender === undefined) return undefined;
  let lost = 0;
  return {
    put(line) {
      const more = lost > 0 ? ` (${lost} lines lost before this one)` : '';
      const error = sender.send(syslogDatagram(line, origin, number) + more);
      lost = error === undefined ? 0 : lost + 1;
    },
  };
}
