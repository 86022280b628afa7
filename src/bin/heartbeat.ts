#!/usr/bin/env node
/**
 * `heartbeat`: the daemon, and what init scripts ask of it. A daemon first replaces its own process to get its
 * real-time settings; everything heavier is loaded only after that.
 */
import { readHeartbeatOptions } from '../daemon/heartbeat-options.ts';
import { replaceProcess } from '../io/replace-process.ts';
import { quietPipes } from './quiet-pipes.ts';

const argv = process.argv.slice(2);
const script = process.argv[1] ?? '';
const options = readHeartbeatOptions(argv, process.env);
const isDaemon = options.ok && options.value.action === 'start' && options.value.foreground;
if (isDaemon) replaceProcess(script, argv);
// A daemon whose output nobody reads any more goes on.
quietPipes('go on');

const [{ runHeartbeatCommand }, { heartbeatServices }, { ask }] = await Promise.all([
  import('../daemon/command-line.ts'),
  import('../daemon/heartbeat-services.ts'),
  import('../client/connection.ts'),
]).catch(unreadable);
const services = heartbeatServices(script, {
  status: (runDir) => ask(runDir, 'status', {}),
  reload: (runDir) => ask(runDir, 'reload', {}, { timeoutMs: 30_000 }),
  // It waits for what is under way, and for the other node's word.
  restart: (runDir) => ask(runDir, 'restart', {}, { timeoutMs: 60_000 }),
});
const code = await runHeartbeatCommand(argv, services);
// A start that was refused may have opened sockets already: they must not keep the process.
if (isDaemon && code !== 0) process.exit(code);
process.exitCode = code;

/** Without its own files there is no catalogue of words either. */
function unreadable(error: unknown): never {
  const reason = error instanceof Error ? error.message : String(error);
  console.error(`heartbeat cannot read its own program files: ${reason}.`);
  console.error('Nothing was started. It opens some hundred files at its start: see "ulimit -n" or LimitNOFILE=.');
  process.exit(1);
}
