/**
 * `npm run test:policy-cases -- [--oracle] [--strict] [NAME...]`: the development cases answered by Pairbeat (or by
 * `crm_simulate`), what disagrees case by case, and the totals in both measures.
 */
import { parseArgs } from 'node:util';
import type { Answer } from './answer.ts';
import { caseNowS, casesFolder, inOlderVocabulary, loadCases, type SchedulerCase } from './cases.ts';
import { compare } from './compare.ts';
import { askOracle } from './oracle.ts';
import { askProduct } from './product.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { oracle: { type: 'boolean', default: false }, strict: { type: 'boolean', default: false } },
});

const folder = casesFolder();
if (folder === undefined) {
  console.log(
    'no scheduler cases here (PAIRBEAT_SCHEDULER_CASES, or ../shared/scheduler-cases/cases): nothing compared',
  );
} else {
  await main(folder);
}

async function main(folder: string): Promise<void> {
  const chosen = loadCases(folder).filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  let agreed = 0;
  let strictly = 0;
  for (const one of chosen) {
    const actual = values.oracle ? await oracleAnswer(one) : askProduct(one.xml, caseNowS(one));
    if (typeof actual === 'string') {
      console.log(`${one.name}: ${actual}`);
      continue;
    }
    const found = compare(one.expected, actual);
    if (found.agrees) agreed++;
    if (found.agreesStrictly) strictly++;
    const lines = found.agrees && !values.strict ? [] : [...found.differences, ...found.transitionDifferences];
    if (lines.length > 0) console.log(`${one.name} (${one.title})\n${lines.map((line) => `    ${line}`).join('\n')}`);
  }
  const share = (count: number): string =>
    `${count} of ${chosen.length} (${((100 * count) / chosen.length).toFixed(1)} %)`;
  console.log(
    `agree on actions, placement and nodes: ${share(agreed)}; on the operations of the transition too: ${share(strictly)}`,
  );
  process.exitCode = agreed === chosen.length ? 0 : 1;
}

async function oracleAnswer({ xml, now }: SchedulerCase): Promise<Answer | string> {
  const answer = await askOracle(inOlderVocabulary(xml), now);
  return answer.kind === 'answer' ? answer.answer : `crm_simulate refuses it (${answer.why}) ${answer.words}`;
}
