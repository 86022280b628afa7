/**
 * `npm test`: everything that decides whether a change is good, on a fresh clone, with nothing but Node.js and npm.
 * Each part prints what it does; the last line adds up what the runners themselves counted. A part that ends without
 * a count, or with an error that no test explains, counts as one failure: silence is never success.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuild, ensureDependencies, ensureSystemPackages, root } from './bootstrap.mjs';

const scratch = mkdtempSync(join(tmpdir(), 'pairbeat-test-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

ensureDependencies();
ensureSystemPackages();
ensureBuild();

const parts = [
  ['type check', typeCheck],
  ['unit, contract and scenario tests', unitTests],
  ['simulator', () => countingScript('sim')],
  ['lab', () => countingScript('test:lab')],
];
const total = { passed: 0, failed: 0, skipped: 0 };
for (const [name, part] of parts) {
  const started = Date.now();
  console.log(`\n--- ${name}`);
  const count = await part();
  for (const key of Object.keys(total)) total[key] += count[key];
  console.log(`--- ${name}: ${sentence(count)} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
}
console.log(`\n${sentence(total)}`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;

async function typeCheck() {
  const { code } = await run('npm', ['run', '--silent', 'typecheck']);
  return { passed: 0, failed: code === 0 ? 0 : 1, skipped: 0 };
}

async function unitTests() {
  const file = join(scratch, 'vitest.json');
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const reporters = ['--reporter=dot', '--reporter=json', `--outputFile.json=${file}`];
  const { code } = await run(process.execPath, [vitest, 'run', ...reporters]);
  return explained(code, countVitest(file));
}

function countVitest(file) {
  let report;
  try {
    report = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
  }
  // A file that cannot even be loaded has no tests to count, and is a failure all the same.
  const broken = report.testResults.filter((one) => one.status === 'failed' && one.assertionResults.length === 0);
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** A part with a runner of our own: its last line with a count is the result. */
async function countingScript(script) {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  if (scripts[script] === undefined) {
    console.log(`there is no npm script ${script}`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const { code, output } = await run('npm', ['run', '--silent', script]);
  const lines = [...output.matchAll(/^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/gm)];
  const [, passed = 0, failed = 0, skipped = 0] = (lines.at(-1) ?? []).map((text) => Number(text ?? 0));
  return explained(code, { passed, failed, skipped });
}

/** An exit code that says failure, or no test at all, must show in the count. */
function explained(code, count) {
  const silent = code !== 0 || count.passed + count.failed + count.skipped === 0;
  return silent && count.failed === 0 ? { ...count, failed: 1 } : count;
}

function run(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk) => {
      process.stdout.write(chunk);
      output += chunk.toString();
    });
    child.on('error', (error) => {
      console.log(error.message);
      resolve({ code: 1, output });
    });
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

function sentence({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
