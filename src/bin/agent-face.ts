#!/usr/bin/env node
import { ownAgent, ownAgentTypes } from '../../resource-agents/registry.ts';
/** `agent-face.js IPaddr start`: an own agent as a stand-alone OCF executable (src/io/agent-host/executable-face.ts). */
import { runExecutableFace } from '../io/agent-host/executable-face.ts';
import { createClock } from '../io/clock.ts';
import { createNetworkTools } from '../io/netlink/network-tools.ts';
import { quietPipes } from './quiet-pipes.ts';

quietPipes('go on');
const [type = '', action = ''] = process.argv.slice(2);
const agent = ownAgent(type);
if (agent === undefined) {
  process.stderr.write(`usage: agent-face.js AGENT ACTION (agents: ${ownAgentTypes.join(', ')})\n`);
  process.exit(2);
}
process.exitCode = await runExecutableFace(agent, action, {
  net: createNetworkTools,
  clock: createClock(),
  environment: process.env,
  output: (text) => void process.stdout.write(text),
  errorOutput: (text) => void process.stderr.write(text),
});
