/** `npm run fuzz -- [--packets N] [--seed S]`: ends with status 1 and the seed of the round when something is wrong. */
import { parseArgs } from 'node:util';
import { fuzz } from './fuzz.ts';

const { values } = parseArgs({
  options: { packets: { type: 'string', default: '1000000' }, seed: { type: 'string', default: '1' } },
});
const megabytes = (): number => {
  globalThis.gc?.();
  return Math.round(process.memoryUsage().rss / 1_048_576);
};

let before = 0;
const beganMs = performance.now();
const report = fuzz(Number(values.packets), Number(values.seed), (done) => {
  // After the first rounds: what is loaded and compiled once is no leak.
  if (before === 0 && done >= 20_000) before = megabytes();
});
const seconds = (performance.now() - beganMs) / 1000;
const { packets, strangers, keyholders, believed, stillValid } = report;
console.log(
  `${packets} packets in ${seconds.toFixed(1)} s: ${strangers} of strangers (${stillValid} left as they were), ${keyholders} under a valid key (${believed} believed); memory ${before} MB after 20,000, ${megabytes()} MB at the end`,
);
if (report.wrong !== undefined) console.log(`WRONG  ${report.wrong}`);
process.exitCode = report.wrong === undefined ? 0 : 1;
