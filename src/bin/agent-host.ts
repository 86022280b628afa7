/** The agent host. Started by the daemon with the run directory as its only argument; not a command for people. */
import { runAgentHost } from '../io/agent-host/host-main.ts';

const [runDir] = process.argv.slice(2);
if (runDir === undefined) {
  process.stderr.write('agent-host: started by heartbeat, with the run directory as argument\n');
  process.exit(2);
}
await runAgentHost(runDir);
