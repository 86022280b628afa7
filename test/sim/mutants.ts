/**
 * `npm run sim:mutants [-- NAME-PART]`: wrong versions of the product, made by hand (mutant-list.ts); each must be caught.
 * Tried first is the seed that caught it when that was last measured; `--measure` begins with seed 1 and writes them down.
 * `npm run sim:mutants -- --generated [--file PART] [--only PART] [--budget-seconds B] [--seeds N] [--turns LIST]`:
 * every guard of the central files negated or removed, one at a time; a survivor needs a judgement (mutation/survivors.ts).
 * `--continue OUTPUT`: what an earlier output of the same sources calls killed is not tried again.
 * `--json`: the last line is the result as JSON. Ends with status 1 when one survives that may not.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { mutants } from './mutant-list.ts';
import { everyTurn, tryGenerated } from './mutation/generated.ts';
import { describeHandMade, firstSeedsFile, firstSeedsOf, isCaught, tryHandMade } from './mutation/hand-made.ts';
import { killedBefore, lineOf, mean, summarize, tableOf } from './mutation/report-generated.ts';
import { survivors } from './mutation/survivors.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    generated: { type: 'boolean', default: false },
    file: { type: 'string', default: '' },
    only: { type: 'string', default: '' },
    'budget-seconds': { type: 'string' },
    seeds: { type: 'string' },
    turns: { type: 'string', default: everyTurn.join(',') },
    continue: { type: 'string' },
    measure: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});

const scratch = mkdtempSync(join(tmpdir(), 'pairbeat-mutants-'));

async function handMade(): Promise<number> {
  const wanted = mutants.filter(({ name }) => name.includes(positionals[0] ?? ''));
  const startedMs = performance.now();
  const verdicts = await tryHandMade(wanted, {
    seedsMax: Number(values.seeds ?? 1500),
    measure: values.measure,
    scratch,
    onVerdict: (verdict) => console.log(describeHandMade(verdict)),
    onProblem: (words) => console.log(words),
  });
  if (values.measure) writeFileSync(firstSeedsFile, `${JSON.stringify(firstSeedsOf(verdicts), undefined, 2)}\n`);
  const caught = verdicts.filter(isCaught).length;
  const seeds = verdicts.flatMap((verdict) => (isCaught(verdict) ? (verdict.seeds ?? []) : []));
  const meanSeeds = mean(seeds) ?? 0;
  const tookS = (performance.now() - startedMs) / 1000;
  console.log(
    `mean seeds to catch: ${meanSeeds.toFixed(1)}, the most ${Math.max(0, ...seeds)}, over ${seeds.length} mutants that the ` +
      `simulator catches; ${verdicts.length - seeds.length} by a scenario or test named for them; ${tookS.toFixed(0)} s`,
  );
  console.log(`${caught} passed, ${verdicts.length - caught} failed`);
  if (values.json)
    console.log(JSON.stringify({ mutants: verdicts.length, caught, meanSeedsToKill: meanSeeds, seconds: tookS }));
  return caught === verdicts.length && caught > 0 ? 0 : 1;
}

async function generated(): Promise<number> {
  const { file, only, continue: before } = values;
  const verdicts = await tryGenerated({
    file,
    only,
    budgetS: Number(values['budget-seconds'] ?? Number.POSITIVE_INFINITY),
    seedsMax: Number(values.seeds ?? 60),
    turns: everyTurn.filter((turn) => values.turns.split(',').includes(turn)),
    scratch,
    known: (all) => (before === undefined ? [] : killedBefore(readFileSync(before, 'utf8'), all)),
    onVerdict: (verdict) => console.log(lineOf(verdict)),
    onWords: (words) => console.log(words),
  });
  const report = summarize(verdicts, survivors, file === '' && only === '');
  for (const line of tableOf(verdicts)) console.log(line);
  for (const key of report.caughtSince) console.log(`JUDGED A SURVIVOR, BUT CAUGHT ${key}`);
  for (const key of report.gone) console.log(`JUDGED, BUT NO SUCH MUTANT ${key}`);
  for (const key of report.unjudged) console.log(`WITHOUT A JUDGEMENT ${key}`);
  const passed = report.killed + report.judged.length;
  console.log(
    `${report.mutants} mutants: ${report.killed} killed, ${report.judged.length} judged survivors, ` +
      `${report.unjudged.length} survivors without a judgement, ${report.notRun} not run`,
  );
  console.log(`${passed} passed, ${report.unjudged.length} failed`);
  if (values.json) console.log(JSON.stringify(report));
  return report.unjudged.length === 0 && passed > 0 ? 0 : 1;
}

try {
  process.exitCode = await (values.generated ? generated() : handMade());
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
