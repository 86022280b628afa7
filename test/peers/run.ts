/**
 * `npm run test:peers [-- [--real | --record] PART OF A NAME ...]`: Pairbeat and the real Heartbeat 3.0.6 in one
 * cluster. `--real` casts real nodes for both roles, which tries the harness and the baselines; `--record` does the
 * same and writes what the real nodes complained about to baselines.json, adding to what is there.
 */
import { currentLabMode, enterLab, labAvailability } from '../lab/enter.ts';
import { expectEqual } from '../lab/expect.ts';
import { countLine, type LabCount, type LabTest, runLabTests, skipLabTests } from '../lab/runner.ts';
import { stockScriptTests } from '../lab/stock-scripts.lab.test.ts';
import { asWrittenTests } from './as-written.ts';
import { keyTests } from './keys.ts';
import {
  baselineOfAnyStart,
  type Complaints,
  merged,
  ofEitherSide,
  readBaselines,
  unknownComplaints,
  writeBaselines,
} from './log-judge.ts';
import { migrationTests } from './migration.ts';
import { matrixOf, type Performance, testOf } from './performance.ts';
import { pingPeerTests } from './ping.ts';
import { realPair, type Scenario } from './scenario.ts';
import { administrationScenarios } from './scenarios/administration.ts';
import { failedStopScenarios } from './scenarios/failed-stops.ts';
import { joiningScenarios } from './scenarios/joining.ts';
import { leavingScenarios } from './scenarios/leaving.ts';
import { requestScenarios } from './scenarios/requests.ts';
import { splitScenarios } from './scenarios/splits.ts';
import { realUnavailable } from './software.ts';

const options = process.argv.slice(2).filter((word) => word.startsWith('--'));
const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const recording = options.includes('--record');
const realOnly = recording || options.includes('--real');
/** Real nodes mostly wait; two labs side by side do not disturb each other. */
const running = { atOnce: 2, requiredBy: 'PEERS' };

const scenarios: readonly Scenario[] = [
  ...joiningScenarios,
  ...requestScenarios,
  ...leavingScenarios,
  ...splitScenarios,
  ...failedStopScenarios,
  ...administrationScenarios,
];
const performances = realOnly
  ? matrixOf(scenarios.filter((one) => one.mixedOnly !== true)).map((one) => ({ ...one, cast: realPair }))
  : matrixOf(scenarios);
const baselines = readBaselines();
const tests: LabTest[] = [
  ...performances.map((one) =>
    testOf(one, (complaints) => (recording ? record(one, complaints) : judge(one, complaints))),
  ),
  ...(realOnly ? [] : [...migrationTests, ...asWrittenTests, ...pingPeerTests, ...keyTests, ...stockScriptTests]),
].filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)));

if (tests.length === 0) {
  console.error(`no test has ${wanted.map((part) => `"${part}"`).join(' or ')} in its name`);
  process.exit(1);
}
const missing = realUnavailable();
if (missing !== undefined) finish(skipLabTests(tests, missing, running));
const availability = currentLabMode() === undefined ? labAvailability() : undefined;
if (availability?.available === false) finish(skipLabTests(tests, availability.reason, running));
await enterLab(import.meta.url, async () => finish(await runLabTests(tests, running)));

function record({ scenario }: Performance, complaints: Complaints): void {
  baselines[scenario.name] = merged(baselines[scenario.name], complaints);
  writeBaselines(baselines);
}

function judge({ scenario }: Performance, complaints: Complaints): void {
  const recorded = scenario.mixedOnly === true ? baselineOfAnyStart() : baselines[scenario.name];
  const baseline = scenario.eitherSide === true ? ofEitherSide(recorded) : recorded;
  expectEqual(unknownComplaints(complaints, baseline), [], 'complaints that a real peer does not cause');
}

function finish(count: LabCount): never {
  console.log(countLine(count));
  process.exit(count.failed === 0 ? 0 : 1);
}
