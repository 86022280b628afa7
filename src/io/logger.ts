/**
 * The log port. Lines go to `logfile` (info and above), `debugfile` (everything), syslog (`logfacility`), and to stderr
 * when nothing else would reach the administrator. Writing never waits for a disk or for another process; every queue
 * is bounded and floods are held back per problem code. The words come from the catalogue that the caller passes in.
 */
import { hostname } from 'node:os';
import type { LoggingConfiguration } from '../core/config/configuration.ts';
import type { Problem } from '../core/result.ts';
import type { Log, LogLevel } from '../ports/log.ts';
import { createDescriptorSink, isJournalStream, type Sink } from './log/descriptor-sink.ts';
import { fileLine, journalLine, type LineOrigin, type LogLine, oldFileLine, singleLine } from './log/line.ts';
import { createRateLimit } from './log/rate-limit.ts';
import { createSyslogSink } from './log/syslog-sink.ts';

export interface LoggerOptions {
  readonly configuration: LoggingConfiguration;
  readonly words: (problem: Problem) => string;
  /** `heartbeat`: the name before the process id. */
  readonly identifier: string;
  readonly environment?: { readonly JOURNAL_STREAM?: string | undefined };
  /** Where stderr goes; 2 unless a test has another. */
  readonly standardError?: number;
  readonly syslogSocket?: string;
  readonly now?: () => Date;
}

export interface Logger extends Log {
  /** Opens files anew (SIGHUP after logrotate); they are noticed without it too, within a second. */
  reopen(): void;
  /** Everything that waits is written now. Only for the end of the process. */
  flushSync(): void;
  /** A reload: other files, another facility, another level. */
  configure(configuration: LoggingConfiguration): void;
  /** `debug` of ha.cf, raised and lowered at run time. */
  debugLevel(): number;
  /** Kept within 0 and 255; returns what it is now. */
  setDebugLevel(level: number): number;
}

/** Heartbeat's own bounds. */
const debugLevelMax = 255;
/** The line that `log_badpack off` keeps away. */
const badPacketCode = 'packet-refused';

type Output = Pick<Sink, 'flushSync' | 'reopen'> & { readonly put: (line: LogLine) => void };

export function createLogger(options: LoggerOptions): Logger {
  let outputs = chooseOutputs(options);
  const limit = createRateLimit();
  const now = options.now ?? (() => new Date());
  let debugLevel = options.configuration.debug;
  let { badPackets } = options.configuration;
  let chosen = JSON.stringify(options.configuration);
  return {
    write(level, message) {
      if (level === 'debug' && debugLevel === 0) return;
      if (message.code === badPacketCode && !badPackets) return;
      const admitted = limit.admit(message.code, performance.now());
      if (admitted === undefined) return;
      const more = admitted.heldBack > 0 ? ` (and ${admitted.heldBack} more like this, held back)` : '';
      const line = { level, text: singleLine(textOf(options.words, message)) + more, at: now() };
      for (const output of outputs) output.put(line);
    },
    reopen: () => outputs.forEach((output) => void output.reopen()),
    flushSync: () => outputs.forEach((output) => void output.flushSync()),
    configure(configuration) {
      const wanted = JSON.stringify(configuration);
      if (wanted === chosen) return;
      chosen = wanted;
      for (const output of outputs) output.flushSync();
      outputs = chooseOutputs({ ...options, configuration });
      debugLevel = configuration.debug;
      badPackets = configuration.badPackets;
    },
    debugLevel: () => debugLevel,
    setDebugLevel(level) {
      debugLevel = Math.min(debugLevelMax, Math.max(0, level));
      return debugLevel;
    },
  };
}

function chooseOutputs(options: LoggerOptions): Output[] {
  const { configuration, identifier } = options;
  const origin = { host: hostname().split('.')[0]!, identifier, pid: process.pid };
  const outputs: Output[] = [];
  const { logfile, debugfile, facility } = configuration;
  const form = configuration.syslogFormat ? fileLine : oldFileLine;
  if (logfile !== undefined) outputs.push(fileOutput(logfile, origin, form, (level) => level !== 'debug'));
  if (debugfile !== undefined && debugfile !== logfile) outputs.push(fileOutput(debugfile, origin, form, () => true));
  const syslog = facility === undefined ? undefined : createSyslogSink(facility, origin, options.syslogSocket);
  if (syslog !== undefined) outputs.push({ put: syslog.put, reopen: () => {}, flushSync: () => {} });
  const standardError = options.standardError ?? 2;
  const { JOURNAL_STREAM: journalStream } = options.environment ?? process.env;
  const toJournal = isJournalStream(standardError, journalStream);
  // journald listens on /dev/log as well: with a facility every line would be there twice.
  if (!(toJournal && syslog !== undefined)) outputs.push(standardErrorOutput(standardError, origin, toJournal));
  return outputs;
}

function fileOutput(
  path: string,
  origin: LineOrigin,
  form: typeof fileLine,
  wants: (level: LogLevel) => boolean,
): Output {
  const sink = createDescriptorSink(path);
  const put = (line: LogLine): void => {
    if (wants(line.level)) sink.write(form(line, origin));
  };
  return { put, reopen: sink.reopen, flushSync: sink.flushSync };
}

function standardErrorOutput(fd: number, origin: LineOrigin, toJournal: boolean): Output {
  const sink = createDescriptorSink(fd);
  const put = (line: LogLine): void => sink.write(toJournal ? journalLine(line) : fileLine(line, origin));
  return { put, reopen: sink.reopen, flushSync: sink.flushSync };
}

/** A gap in the catalogue must not cost the line. */
function textOf(words: LoggerOptions['words'], message: Problem): string {
  try {
    return words(message);
  } catch {
    return `${message.code} ${JSON.stringify(message.fields)}`;
  }
}
