/** Writes one line of a script where ha.cf has the daemon write, in the same forms (`ha_logger`). */
import { accessSync, constants, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type { LoggingConfiguration } from '../core/config/configuration.ts';
import { failure, type Result, success } from '../core/result.ts';
import { createLogger } from '../io/logger.ts';
import { loadConfiguration } from './load-configuration.ts';

export interface ScriptLine {
  readonly tag: string;
  readonly debug: boolean;
  readonly message: string;
}

/** Without a configuration that loads, syslog is the place that every machine has. */
const otherwise: LoggingConfiguration = { facility: 'daemon', debug: 0, syslogFormat: true, badPackets: true };

export async function writeScriptLog(haDir: string, { tag, debug, message }: ScriptLine): Promise<Result<void>> {
  const { configuration } = await loadConfiguration({ haDir });
  const { logfile, debugfile, ...logging } = configuration?.logging ?? otherwise;
  // A debug message has only the debug file to go to; where there is none, the log is better than nowhere.
  const debugTarget = debugfile ?? (debug ? logfile : undefined);
  const files = {
    ...(logfile === undefined || debug ? {} : { logfile }),
    ...(debugTarget === undefined ? {} : { debugfile: debugTarget }),
  };
  for (const path of Object.values(files)) {
    const error = whyNotWritable(path);
    if (error !== undefined) return failure('file-not-writable', { path, error });
  }
  const log = createLogger({
    configuration: { ...logging, ...files, debug: debug ? 1 : 0 },
    words: (problem) => String(problem.fields['message']),
    identifier: tag.replace(/[^\x21-\x7e]/g, '?').slice(0, 64),
    // The script's own terminal is no place for it.
    standardError: openSync('/dev/null', 'w'),
    environment: {},
  });
  log.write(debug ? 'debug' : 'info', { code: 'script-said', fields: { message } });
  log.flushSync();
  return success(undefined);
}

function whyNotWritable(path: string): string | undefined {
  for (const candidate of [path, dirname(path)]) {
    try {
      accessSync(candidate, constants.W_OK);
      return undefined;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT' || candidate !== path) return code ?? String(error);
    }
  }
  return undefined;
}
