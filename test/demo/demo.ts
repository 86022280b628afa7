/**
 * `npm run demo`: a cluster of two nodes on this machine, in namespaces that vanish with it, and everything that
 * Pairbeat is for happening before one's eyes. `-- --keep` leaves the pair running to play with.
 */
import { Command } from 'commander';
import { currentLabMode, enterLab, labAvailability } from '../lab/enter.ts';
import { bootTimeUs } from '../lab/libc.ts';
import { type SeedOptions, seedTimers } from '../lab/seed.ts';
import { keepPlaying, openShell } from './keep.ts';
import { playPretended } from './pretended.ts';
import { openScreen } from './screen.ts';
import { introduction, openStage, playStory, summary } from './story.ts';

interface Options {
  readonly timers: string;
  readonly keep?: boolean;
  readonly plain?: boolean;
  readonly shell?: string;
}

const program = new Command('npm run demo --')
  .description('two nodes, one address: a crash, a failback, a handover, measured by a client')
  .option('--timers <seed|KEEPALIVE/DEADTIME>', 'times in milliseconds, or those of the seed configuration', '100/300')
  .option('--keep', 'leave the pair running afterwards')
  .option('--shell <node>', 'open a shell on a node of a demo that was started with --keep')
  .option('--plain', 'lines instead of a picture that moves');

const options = program.parse().opts<Options>();
const timers = parseTimers(options.timers);
if (options.shell !== undefined) process.exit(openShell(options.shell));

const availability = currentLabMode() === undefined ? labAvailability() : undefined;
if (availability?.available === false) process.exit(await playPretended(timers, availability));

await enterLab(import.meta.url, async () => {
  const live = process.stdout.isTTY === true && options.plain !== true && process.env['TERM'] !== 'dumb';
  process.stdout.write(`${introduction(timers, '').join('\n')}\n`);
  const screen = openScreen(bootTimeUs, live);
  process.on('exit', () => screen.close());
  const stage = await openStage(timers, screen);
  const scenes = await playStory(stage);
  screen.block(summary(scenes));
  if (options.keep) await keepPlaying(stage);
  stage.watcher.end();
  await stage.lab.close();
  return 0;
});

function parseTimers(text: string): SeedOptions {
  if (text === 'seed') return seedTimers;
  const match = /^(\d+)\/(\d+)$/.exec(text);
  if (match === null)
    program.error(`--timers ${text}: expected seed, or KEEPALIVE/DEADTIME in milliseconds such as 100/300`);
  return { keepaliveMs: Number(match![1]), deadtimeMs: Number(match![2]) };
}
