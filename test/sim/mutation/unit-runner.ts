/**
 * The process that runs unit tests against mutants: vitest is started once and keeps what it has read; which mutant is
 * awake is said to each run through the environment. Jobs as in worker.ts.
 */
import { join } from 'node:path';
import { createVitest } from 'vitest/node';
import { awakeVariable } from './instrument.ts';
import { root } from './root.ts';
import type { JobResult } from './worker.ts';

export interface UnitJob {
  readonly awake: number;
  /** Paths below the root. */
  readonly tests: readonly string[];
}

const config = join(root, 'test/sim/mutation/vitest.mutants.config.ts');
const vitest = await createVitest('test', { config, root, watch: false, pool: 'threads', reporters: [{}] });

process.on('disconnect', () => process.exit(0));
process.on('message', (job: UnitJob) => {
  perform(job).then(
    (result) => process.send?.(result),
    (error: unknown) => process.send?.({ objection: `vitest: ${String(error)}`, reached: [] }),
  );
});
process.send?.('ready');

async function perform({ awake, tests }: UnitJob): Promise<JobResult> {
  process.env[awakeVariable] = String(awake);
  vitest.state.filesMap.clear();
  const specifications = await vitest.getRelevantTestSpecifications(tests.map((test) => join(root, test)));
  if (specifications.length === 0) throw new Error(`no test file among ${tests.join(' ')}`);
  const objections: string[] = [];
  for (const specification of specifications) {
    const { testModules, unhandledErrors } = await vitest.runTestSpecifications([specification], true);
    for (const module of testModules) {
      if (module.ok()) continue;
      const [first] = module.children.allTests('failed');
      objections.push(`${module.relativeModuleId} > ${first?.fullName ?? 'cannot be loaded'}`);
    }
    if (unhandledErrors.length > 0) objections.push(`unhandled: ${String(unhandledErrors[0])}`);
    if (objections.length > 0) break;
  }
  return { ...(objections.length === 0 ? {} : { objection: objections.join('\n') }), reached: [] };
}
