/**
 * The lab's own small test runner. Tests run one after another inside one set of namespaces, each in labs of its own,
 * and each prints `ran`, `FAILED` or `skipped (reason)`. With `LAB=required` in the environment a skip is a failure.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLab, type Lab, type LabOptions } from './lab.ts';
import { sleep } from './machine.ts';

export interface LabTestContext {
  /** A lab that is closed when the test ends. */
  readonly lab: (options?: LabOptions) => Promise<Lab>;
  /** Ends the test as skipped. */
  readonly skip: (reason: string) => never;
  /** A figure worth seeing beside the name of the test. */
  readonly note: (text: string) => void;
}

export interface LabTest {
  readonly name: string;
  readonly run: (context: LabTestContext) => Promise<void>;
  readonly timeoutMs: number;
}

export interface LabCount {
  passed: number;
  failed: number;
  skipped: number;
}

class Skipped extends Error {}

const defaultTimeoutMs = 60_000;

export function labTest(
  name: string,
  run: (context: LabTestContext) => Promise<void>,
  timeoutMs = defaultTimeoutMs,
): LabTest {
  return { name, run, timeoutMs };
}

export interface RunOptions {
  /** Tests under way at the same time, each in labs of its own. */
  readonly atOnce?: number;
  /** The environment variable that makes a skip a failure when it says `required`. */
  readonly requiredBy?: string;
}

export async function runLabTests(tests: readonly LabTest[], options: RunOptions = {}): Promise<LabCount> {
  const { atOnce = 1, requiredBy } = options;
  const count: LabCount = { passed: 0, failed: 0, skipped: 0 };
  const waiting = [...tests];
  const worker = async (): Promise<void> => {
    for (let test = waiting.shift(); test !== undefined; test = waiting.shift()) {
      count[await runOne(test, skipFails(requiredBy))] += 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return count;
}

/** What is printed when there is no lab at all. */
export function skipLabTests(tests: readonly LabTest[], reason: string, options: RunOptions = {}): LabCount {
  const required = skipFails(options.requiredBy);
  for (const test of tests) console.log(`${required ? 'FAILED ' : ''}skipped (${reason})  ${test.name}`);
  return required ? { passed: 0, failed: tests.length, skipped: 0 } : { passed: 0, failed: 0, skipped: tests.length };
}

export function countLine({ passed, failed, skipped }: LabCount): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

async function runOne(test: LabTest, skipIsFailure: boolean): Promise<'passed' | 'failed' | 'skipped'> {
  const labs: Lab[] = [];
  const notes: string[] = [];
  const started = performance.now();
  const seconds = () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
  const context: LabTestContext = {
    lab: async (options) => {
      const lab = await createLab(options);
      labs.push(lab);
      return lab;
    },
    skip: (reason) => {
      throw new Skipped(reason);
    },
    note: (text) => void notes.push(text),
  };
  try {
    await Promise.race([test.run(context), timeoutOf(test)]);
    console.log(`ran      ${seconds().padStart(7)}  ${test.name}${notes.length > 0 ? `  [${notes.join('; ')}]` : ''}`);
    return 'passed';
  } catch (error) {
    if (error instanceof Skipped) {
      console.log(`${skipIsFailure ? 'FAILED ' : ''}skipped (${error.message})  ${test.name}`);
      return skipIsFailure ? 'failed' : 'skipped';
    }
    console.log(`FAILED   ${seconds().padStart(7)}  ${test.name}`);
    console.log(indent(error instanceof Error ? (error.stack ?? error.message) : String(error)));
    for (const lab of labs) console.log(indent(lastWordsOf(lab)));
    return 'failed';
  } finally {
    for (const lab of labs) await lab.close();
  }
}

async function timeoutOf(test: LabTest): Promise<never> {
  await sleep(test.timeoutMs);
  throw new Error(`the test did not end within ${test.timeoutMs / 1000} s`);
}

/** The tail of every log on the hosts' disks. */
function lastWordsOf(lab: Lab): string {
  const logs = lab.hosts.flatMap((host) =>
    readdirSync(host.logDirectory, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const lines = readFileSync(join(host.logDirectory, entry.name), 'utf8').trimEnd().split('\n').slice(-40);
        return `${host.name} ${entry.name}:\n${lines.map((line) => `  ${line.slice(0, 400)}`).join('\n')}`;
      }),
  );
  return logs.join('\n');
}

const indent = (text: string): string => text.replace(/^/gm, '    ');

function skipFails(requiredBy = 'LAB'): boolean {
  return process.env[requiredBy] === 'required';
}
