/** Starts a measuring program inside a machine and asks it questions. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Machine } from './machine.ts';
import type { MeasuringQuery, ProbeEvent } from './measuring.ts';

export interface MeasuringChild {
  readonly ask: <Answer>(query: MeasuringQuery) => Promise<Answer>;
  readonly realTime: boolean;
  readonly stop: () => Promise<void>;
}

/**
 * V8's helper threads have normal priority: under load the real-time thread would wait for them in every collection of
 * garbage. Without them it does the work itself, and a small young generation keeps each collection short.
 */
const nodeFlags = ['--single-threaded', '--max-semi-space-size=2'];

export async function startMeasuring(
  machine: Machine,
  program: 'probe-main' | 'observer-main',
  args: readonly string[],
  onEvent: (event: ProbeEvent) => void = () => {},
): Promise<MeasuringChild> {
  const script = join(import.meta.dirname, `${program}.js`);
  const enter = ['--target', String(machine.pid), '--net', '--mount', '--pid', '--uts', '--ipc', '--'];
  const child = spawn('nsenter', [...enter, process.execPath, ...nodeFlags, script, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const waiting: Array<{ resolve: (answer: unknown) => void; reject: (error: Error) => void }> = [];
  let ended: Error | undefined;
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-4000);
  });
  const exited = new Promise<void>((resolve) =>
    child.on('close', (code) => {
      ended = new Error(`${program} ended (${code}): ${errors.trim()}`);
      for (const one of waiting) one.reject(ended);
      resolve();
    }),
  );
  let ready: (realTime: boolean) => void = () => {};
  const started = new Promise<boolean>((resolve, reject) => {
    ready = resolve;
    child.once('error', reject);
    void exited.then(() => reject(ended));
  });
  createInterface(child.stdout).on('line', (line) => {
    const message = JSON.parse(line) as ProbeEvent | { answer: unknown };
    if ('answer' in message) waiting.shift()?.resolve(message.answer);
    else if (message.event === 'ready') ready(message.realTime);
    else onEvent(message);
  });
  const realTime = await started;
  return {
    realTime,
    ask: <Answer>(query: MeasuringQuery) =>
      new Promise<Answer>((resolve, reject) => {
        if (ended !== undefined) return reject(ended);
        waiting.push({ resolve: (answer) => resolve(answer as Answer), reject });
        child.stdin.write(`${JSON.stringify(query)}\n`);
      }),
    stop: async () => {
      child.stdin.end();
      await exited;
    },
  };
}
