/**
 * `tsx test/policy/make-sample.ts [COUNT]`: chooses small random CIBs that together contain every feature several times and
 * writes them, with what `crm_simulate` answers, to test/policy/sample: the unit test of the policy against Pacemaker, for
 * machines without it. Disagreements are kept out: `npm run test:policy-random` counts those.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Answer } from './answer.ts';
import { compare } from './compare.ts';
import { askOracle } from './oracle.ts';
import { askProduct } from './product.ts';
import { type Feature, featureNames } from './random-cib/features.ts';
import { generate, type RandomCib } from './random-cib/generate.ts';
import { nowS } from './random-cib/world.ts';
import { oracleNow } from './show.ts';

const wanted = Number(process.argv[2] ?? '60');
const folder = fileURLToPath(new URL('sample', import.meta.url));
const candidates: { cib: RandomCib; answer: Answer }[] = [];
for (let seed = 1; seed <= 1000; seed++) {
  const cib = generate(seed);
  if (cib.xml.length > 11_000) continue;
  const expected = await askOracle(cib.xml, oracleNow);
  const actual = askProduct(cib.xml, nowS);
  if (expected.kind !== 'answer' || typeof actual === 'string') continue;
  // In maintenance there is little to do, and that little counts.
  if (expected.answer.actions.length < 2 && !cib.features.has('cluster maintenance')) continue;
  if (compare(expected.answer, actual).agreesStrictly) candidates.push({ cib, answer: expected.answer });
}
const chosen: typeof candidates = [];
const times = new Map<Feature, number>(featureNames.map((feature) => [feature, 0]));
while (chosen.length < wanted && candidates.length > 0) {
  // What is rare so far counts most.
  const worth = ({ cib }: (typeof candidates)[number]): number =>
    [...cib.features].reduce((sum, feature) => sum + 1 / (1 + (times.get(feature) ?? 0)) ** 2, 0);
  candidates.sort((one, other) => worth(other) - worth(one) || one.cib.seed - other.cib.seed);
  const [best] = candidates.splice(0, 1);
  if (best === undefined) break;
  chosen.push(best);
  for (const feature of best.cib.features) times.set(feature, (times.get(feature) ?? 0) + 1);
}
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
for (const { cib, answer } of chosen) {
  writeFileSync(join(folder, `seed-${cib.seed}.xml`), cib.xml);
  writeFileSync(
    join(folder, `seed-${cib.seed}.json`),
    `${JSON.stringify({ ...answer, actions: answer.actions.map(({ reason: _, ...rest }) => rest) })}\n`,
  );
}
const missing = featureNames.filter((feature) => times.get(feature) === 0);
console.log(`${chosen.length} CIBs; features that none has: ${missing.join(', ') || 'none'}`);
