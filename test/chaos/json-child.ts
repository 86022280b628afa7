/** A helper program of the lab that is asked questions: one JSON object a line over its stdin and stdout. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface JsonChild {
  readonly pid: number;
  readonly ask: <Answer>(question: object) => Promise<Answer>;
  readonly stop: () => Promise<void>;
}

/** `enter`: the command that comes before `node`, to run the program inside a machine. Resolves when it says that it is ready. */
export async function startJsonChild(
  program: string,
  args: readonly string[],
  enter: readonly string[] = [],
): Promise<JsonChild> {
  const script = join(import.meta.dirname, `${program}.js`);
  // As for the lab's measuring programs: no helper threads that a real-time thread would wait for.
  const argv = [...enter, process.execPath, '--single-threaded', '--max-semi-space-size=2', script, ...args];
  const child = spawn(argv[0]!, argv.slice(1), { stdio: ['pipe', 'pipe', 'pipe'] });
  const waiting: Array<{ resolve: (answer: unknown) => void; reject: (error: Error) => void }> = [];
  let ended: Error | undefined;
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-4000);
  });
  child.stdin.on('error', () => {});
  const exited = new Promise<void>((resolve) =>
    child.on('close', (code, signal) => {
      ended = new Error(`${program} ended (${code ?? signal}): ${errors.trim()}`);
      for (const one of waiting.splice(0)) one.reject(ended);
      resolve();
    }),
  );
  let ready: () => void = () => {};
  const started = new Promise<void>((resolve, reject) => {
    ready = resolve;
    child.once('error', reject);
    void exited.then(() => reject(ended));
  });
  createInterface(child.stdout).on('line', (line) => {
    const message = JSON.parse(line) as { answer?: unknown; event?: string };
    if (message.event === 'ready') ready();
    else waiting.shift()?.resolve(message.answer);
  });
  await started;
  return {
    pid: child.pid!,
    ask: <Answer>(question: object) =>
      new Promise<Answer>((resolve, reject) => {
        if (ended !== undefined) return reject(ended);
        waiting.push({ resolve: (answer) => resolve(answer as Answer), reject });
        child.stdin.write(`${JSON.stringify(question)}\n`);
      }),
    stop: async () => {
      child.stdin.end();
      await exited;
    },
  };
}
