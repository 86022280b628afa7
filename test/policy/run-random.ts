/**
 * `npm run test:policy-random -- [--seeds N] [--first S] [--jobs J] [--features] [--strict]`: random CIBs answered by
 * Pairbeat and by `crm_simulate`, with totals, classes of disagreement and, if asked, the table of features.
 * `--seed S --show` prints one of them with both answers, `--seed S --shrink` a small CIB that disagrees in the same way.
 */
import { parseArgs } from 'node:util';
import { classOf } from './classify.ts';
import { compare } from './compare.ts';
import { askOracle, oracleVersion } from './oracle.ts';
import { askProduct } from './product.ts';
import { generate, type RandomCib } from './random-cib/generate.ts';
import { nowS } from './random-cib/world.ts';
import { show, shrinkAndShow } from './show.ts';
import { featureTable, summary, type Verdict } from './statistics.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '2000' },
    first: { type: 'string', default: '1' },
    jobs: { type: 'string', default: '2' },
    seed: { type: 'string' },
    show: { type: 'boolean', default: false },
    shrink: { type: 'boolean', default: false },
    strict: { type: 'boolean', default: false },
    features: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
  },
});

const version = oracleVersion();
if (version === undefined) {
  console.log('crm_simulate is not here (Debian: pacemaker-cli-utils): nothing compared');
} else if (values.seed !== undefined) {
  await (values.shrink ? shrinkAndShow(Number(values.seed), values.strict) : show(Number(values.seed)));
} else {
  await main(version);
}

async function main(oracle: string): Promise<void> {
  const first = Number(values.first);
  const last = first + Number(values.seeds) - 1;
  const verdicts: Verdict[] = [];
  let next = first;
  const worker = async (): Promise<void> => {
    while (next <= last) {
      const cib = generate(next++);
      const verdict = await judge(cib);
      verdicts.push(verdict);
      const wrong =
        verdict.kind === 'disagrees' ||
        verdict.kind === 'product fails' ||
        (values.strict && verdict.kind === 'agrees loosely');
      if (values.list && wrong) console.log(`seed ${verdict.seed}: ${verdict.detail}`);
    }
  };
  await Promise.all(Array.from({ length: Number(values.jobs) }, worker));
  console.log(`seeds ${first} to ${last} against ${oracle}`);
  console.log(summary(verdicts));
  if (values.features) console.log(featureTable(verdicts));
}

async function judge({ seed, xml, features }: RandomCib): Promise<Verdict> {
  const known = { seed, features: [...features] };
  const expected = await askOracle(xml, new Date(nowS * 1000).toISOString().replace('.000', ''));
  if (expected.kind === 'rejected') return { ...known, kind: 'refused', detail: expected.why, idle: false };
  const idle = expected.answer.actions.length === 0;
  const actual = askProduct(xml, nowS);
  if (typeof actual === 'string') return { ...known, kind: 'product fails', detail: actual.slice(0, 150), idle };
  const found = compare(expected.answer, actual);
  if (found.agreesStrictly) return { ...known, kind: 'agrees', detail: '', idle };
  return { ...known, kind: found.agrees ? 'agrees loosely' : 'disagrees', detail: classOf(found), idle };
}
