#!/usr/bin/env node
/** `heartbeat`: the daemon, and what init scripts ask of it. */
import { ask } from '../client/connection.ts';
import { runHeartbeatCommand } from '../daemon/command-line.ts';
import { readHeartbeatOptions } from '../daemon/heartbeat-options.ts';
import { heartbeatServices } from '../daemon/heartbeat-services.ts';
import { replaceProcess } from '../io/replace-process.ts';

const argv = process.argv.slice(2);
const script = process.argv[1] ?? '';
const options = readHeartbeatOptions(argv, process.env);
if (options.ok && options.value.action === 'start' && options.value.foreground) replaceProcess(script, argv);

const services = heartbeatServices(script, async (runDir) => {
  const status = await ask(runDir, 'status', {});
  if (!status.ok) return status;
  const parameters = await ask(runDir, 'parameters', {});
  return parameters.ok ? { ok: true, value: { status: status.value, parameters: parameters.value } } : parameters;
});
const code = await runHeartbeatCommand(argv, services);
const isDaemonNow = options.ok && options.value.action === 'start' && options.value.foreground && code === 0;
// A start that was refused may have opened sockets already: they must not keep the process.
if (!isDaemonNow && options.ok && options.value.foreground) process.exit(code);
if (!isDaemonNow) process.exitCode = code;
