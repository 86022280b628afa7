/**
 * `npm run hostile [-- --minutes M] [PART OF A NAME ...]`: everything hostile that the default run has, and the longer
 * forms: every kind of flood under every method of authentication, every trick of an agent, every kind of client by
 * itself, every way in which a disk takes nothing any more. Goes round until the minutes are over; once if none are given.
 */
import { parseArgs } from 'node:util';
import { enterLab } from '../enter.ts';
import { countLine, type LabTest, runLabTests } from '../runner.ts';
import { hostileAgentTests, longHostileAgentTests } from './agents.lab.test.ts';
import { exhaustionTests, longExhaustionTests } from './exhaustion.lab.test.ts';
import { floodTests, longFloodTests } from './flood.lab.test.ts';
import { longSocketTests, socketTests } from './sockets.lab.test.ts';
import { stateTests } from './state.lab.test.ts';

const { values, positionals } = parseArgs({ options: { minutes: { type: 'string' } }, allowPositionals: true });
const minutes = Number(values.minutes ?? 0);
const all: readonly LabTest[] = [
  ...floodTests,
  ...longFloodTests,
  ...socketTests,
  ...longSocketTests,
  ...hostileAgentTests,
  ...longHostileAgentTests,
  ...exhaustionTests,
  ...stateTests,
  ...longExhaustionTests,
];
const tests = all.filter(({ name }) => positionals.length === 0 || positionals.some((part) => name.includes(part)));
if (!(minutes >= 0) || tests.length === 0) {
  console.error('usage: npm run hostile [-- --minutes M] [PART OF A NAME ...]');
  process.exit(2);
}

await enterLab(import.meta.url, async () => {
  const untilMs = performance.now() + minutes * 60_000;
  let failed = 0;
  do {
    const count = await runLabTests(tests);
    console.log(countLine(count));
    failed += count.failed;
  } while (performance.now() < untilMs);
  return failed === 0 ? 0 : 1;
});
