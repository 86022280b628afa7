/**
 * `npm run bench:load`: short timers on a busy machine. Busy loops take every core while the pair stands; every time the
 * address moves by itself is a false failover. Then the owner crashes, again and again, under the same load.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { enterLab } from '../lab/enter.ts';
import { Bench } from './cycle.ts';
import { pairbeat } from './pairbeat.ts';
import { summarize } from './statistics.ts';

interface Options {
  readonly seconds: string;
  readonly loops: string;
  readonly runs: string;
  readonly keepalive: string;
  readonly deadtime: string;
  readonly json?: boolean;
}

const program = new Command('bench:load')
  .description('false failovers and real crashes under CPU load')
  .option('--seconds <number>', 'how long to wait for false failovers', '120')
  .option('--loops <number>', 'busy loops', '4')
  .option('--runs <number>', 'crashes under load', '15')
  .option('--keepalive <ms>', 'keepalive in milliseconds', '10')
  .option('--deadtime <ms>', 'deadtime in milliseconds', '30')
  .option('--json', 'one JSON document');

await enterLab(import.meta.url, async () => {
  const options = program.parse().opts<Options>();
  const timers = { keepaliveMs: Number(options.keepalive), deadtimeMs: Number(options.deadtime) };
  const bench = await Bench.open(pairbeat, timers);
  const loops = busyLoops(Number(options.loops));
  const quiet = await bench.stand(Number(options.seconds) * 1000);
  if (quiet.moves > 0 || quiet.longestMs > timers.deadtimeMs) process.stderr.write(`${whatNodesSaid(bench)}\n`);
  const outagesMs: number[] = [];
  let strayed = 0;
  for (let run = 0; run < Number(options.runs); run += 1) {
    const crash = (await bench.cycle('crash')).find((sample) => sample.event === 'crash')!;
    if (crash.strayed) strayed += 1;
    else outagesMs.push(crash.outageMs);
    process.stderr.write(`crash ${run + 1} of ${options.runs} under load: ${crash.outageMs.toFixed(1)} ms\n`);
  }
  for (const loop of loops) loop.kill('SIGKILL');
  await bench.close();
  const crash = outagesMs.length > 0 ? summarize(outagesMs) : undefined;
  const result = {
    ...timers,
    loops: loops.length,
    seconds: Number(options.seconds),
    ...quiet,
    crash,
    outagesMs,
    strayed,
  };
  if (options.json) console.log(JSON.stringify({ apiVersion: '1', ...result }, null, 2));
  else {
    console.log(`${options.loops} busy loops, keepalive ${timers.keepaliveMs} ms, deadtime ${timers.deadtimeMs} ms`);
    console.log(
      `standing ${options.seconds} s: ${quiet.moves} false failovers, longest silence for the client ${quiet.longestMs} ms; the machine itself stood still for up to ${quiet.stallMs} ms`,
    );
    if (crash)
      console.log(
        `${crash.runs} crashes: median ${crash.medianMs} ms, ${crash.minMs} to ${crash.maxMs}; ${strayed} strayed`,
      );
  }
  return quiet.moves === 0 && strayed === 0 ? 0 : 1;
});

/** The last words of both logs: why did it move, or fall silent? */
function whatNodesSaid(bench: Bench): string {
  const warnings = bench.lab.hosts.flatMap((host) => {
    const lines = readFileSync(join(host.logDirectory, 'ha-log'), 'utf8').split('\n');
    return lines.filter((line) => /WARN|ERROR|CRIT|notice/.test(line)).slice(-20);
  });
  return warnings.join('\n');
}

function busyLoops(count: number): ChildProcess[] {
  const loop = ['-e', 'for (;;);'];
  return Array.from({ length: count }, () => spawn(process.execPath, loop, { stdio: 'ignore' }));
}
