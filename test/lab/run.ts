/** `npm run test:lab [-- PART OF A NAME ...]`: the lab tests, in one set of namespaces that vanishes with them. */
import { addressTests } from './agents/address.lab.test.ts';
import { agentTests } from './agents.lab.test.ts';
import { chaosTests } from './chaos.lab.test.ts';
import { differenceTests } from './difference.lab.test.ts';
import { dyingTests } from './dying.lab.test.ts';
import { currentLabMode, enterLab, labAvailability } from './enter.ts';
import { failureTests } from './failures.lab.test.ts';
import { fencingTests } from './fencing.lab.test.ts';
import { hostileAgentTests } from './hostile/agents.lab.test.ts';
import { exhaustionTests } from './hostile/exhaustion.lab.test.ts';
import { floodTests } from './hostile/flood.lab.test.ts';
import { socketTests } from './hostile/sockets.lab.test.ts';
import { stateTests } from './hostile/state.lab.test.ts';
import { keysTests } from './keys.lab.test.ts';
import { linkTests } from './links.lab.test.ts';
import { monitoringTests } from './monitoring.lab.test.ts';
import { networkTests } from './network.lab.test.ts';
import { pingTests } from './ping.lab.test.ts';
import { recorderTests } from './recorder.lab.test.ts';
import { reloadTests } from './reload.lab.test.ts';
import { countLine, type LabCount, runLabTests, skipLabTests } from './runner.ts';
import { scriptTests } from './scripts.lab.test.ts';
import { selfTests } from './self.lab.test.ts';
import { serviceTests } from './services.lab.test.ts';
import { takeoverTests } from './takeover.lab.test.ts';

const wanted = process.argv.slice(2);
const tests = [
  ...selfTests,
  ...takeoverTests,
  ...failureTests,
  ...dyingTests,
  ...networkTests,
  ...fencingTests,
  ...floodTests,
  ...hostileAgentTests,
  ...socketTests,
  ...exhaustionTests,
  ...stateTests,
  ...linkTests,
  ...agentTests,
  ...serviceTests,
  ...pingTests,
  ...addressTests,
  ...scriptTests,
  ...monitoringTests,
  ...keysTests,
  ...differenceTests,
  ...reloadTests,
  ...chaosTests,
  ...recorderTests,
].filter((test) => wanted.length === 0 || wanted.some((part) => test.name.includes(part)));

if (tests.length === 0) {
  console.error(`no test has ${wanted.map((part) => `"${part}"`).join(' or ')} in its name`);
  process.exit(1);
}
const availability = currentLabMode() === undefined ? labAvailability() : undefined;
if (availability?.available === false) finish(skipLabTests(tests, availability.reason));
await enterLab(import.meta.url, async (mode) => {
  console.log(`lab: ${mode === 'root' ? 'as root' : 'in a user namespace, without real-time priority'}`);
  return finish(await runLabTests(tests));
});

function finish(count: LabCount): never {
  console.log(countLine(count));
  process.exit(count.failed === 0 ? 0 : 1);
}
