/**
 * `npm run test:fencing [-- PART OF A NAME ...]`: fence devices that are not ours, in the lab. Needs Debian packages that
 * the default tests do not (openipmi, ipmitool, fence-agents, cluster-glue). With FENCING=required a skip fails.
 */
import { currentLabMode, enterLab, findCommand, labAvailability } from '../lab/enter.ts';
import { countLine, type LabCount, runLabTests, skipLabTests } from '../lab/runner.ts';
import { ipmiTests } from './ipmi.ts';

const wanted = process.argv.slice(2);
const options = { requiredBy: 'FENCING' };
const tests = ipmiTests.filter((test) => wanted.length === 0 || wanted.some((part) => test.name.includes(part)));
if (tests.length === 0) {
  console.error(`no test has ${wanted.map((part) => `"${part}"`).join(' or ')} in its name`);
  process.exit(1);
}
const missing = ['ipmi_sim', 'ipmitool', 'fence_ipmilan'].find((command) => findCommand(command) === undefined);
if (missing !== undefined) finish(skipLabTests(tests, `no ${missing}`, options));
const availability = currentLabMode() === undefined ? labAvailability() : undefined;
if (availability?.available === false) finish(skipLabTests(tests, availability.reason, options));
await enterLab(import.meta.url, async () => finish(await runLabTests(tests, options)));

function finish(count: LabCount): never {
  console.log(countLine(count));
  process.exit(count.failed === 0 ? 0 : 1);
}
