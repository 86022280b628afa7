/**
 * `npm run test:verdicts [-- COUNT [SEED]]`: the real Heartbeat 3.0.6 beside us on every recorded text and on COUNT files
 * made at random. Two things must hold: what `check --as-heartbeat` predicts is what 3.0.6 does, and where our own verdict
 * differs, a finding says so whose difference docs/reference/differences.md lists. Needs the Debian package `heartbeat`.
 */
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { differingCodes } from '../../src/core/config/differences.ts';
import { enterLab } from '../lab/enter.ts';
import type { Host } from '../lab/host.ts';
import { createLab } from '../lab/lab.ts';
import { generateJob, type Job, plainAuthkeys, plainHaCf, plainHaresources } from './generate.ts';
import type { Judged } from './judge-main.ts';

const [, , countText = '500', seedText = String(Math.floor(Date.now() / 1000) % 1_000_000)] = process.argv;
const root = join(import.meta.dirname, '../../..');

type RecordedRow = [file: string, text: string | null, mode: string, heartbeat: string, ours: string];

function recordedJobs(): Job[] {
  const rows = JSON.parse(
    readFileSync(join(root, 'test/core/config/heartbeat-verdicts.json'), 'utf8'),
  ) as RecordedRow[];
  const expanded = (text: string): string =>
    text.replace(/<<(.+?)\*(\d+)>>/g, (_whole, part: string, count: string) => part.repeat(Number(count)));
  return rows.map(([file, text, mode], index) => {
    const given = text === null ? undefined : expanded(text);
    const files: Record<string, string | undefined> = {
      haCf: file === 'ha.cf+' ? plainHaCf + given : file === 'ha.cf' ? given : plainHaCf,
      haresources: file === 'haresources' ? given : plainHaresources,
      authkeys: file === 'authkeys' ? given : plainAuthkeys,
    };
    const present = Object.fromEntries(Object.entries(files).filter(([, value]) => value !== undefined));
    return { name: `recorded ${index + 1}`, ...present, mode };
  });
}

/** The verdict hangs on programs, plugins or devices that this machine may or may not have. */
const machineDependent =
  /^\s*(?:stonith|stonith_host|crm|pacemaker|crm_daemon_dir|quorum_server|coreroot)\s+(?!off|no\b|false)/m;

function describeJudged({ job, real, realSaid, ours, predicted, errors, refusals }: Judged): string {
  const standard: Record<string, string> = { haCf: plainHaCf, haresources: plainHaresources, authkeys: plainAuthkeys };
  const shown = Object.entries(standard)
    .filter(([name, plain]) => job[name as 'haCf'] !== plain)
    .map(([name]) => `    ${name}: ${JSON.stringify(job[name as 'haCf'])?.slice(0, 600)}`);
  return [
    `  ${job.name} (authkeys 0${job.mode}): 3.0.6 ${real}, predicted ${predicted}, we ${ours}`,
    `    3.0.6 says: ${realSaid}`,
    `    our errors: ${errors.join(' ')}; its refusals by us: ${refusals.join(' ')}`,
    ...shown,
  ].join('\n');
}

function report(judged: readonly Judged[]): number {
  const clear = judged.filter(({ real }) => real !== 'unclear');
  const count = (pick: (one: Judged) => boolean): number => clear.filter(pick).length;
  const ended = [...new Set(judged.filter(({ real }) => real === 'unclear').map(({ realCode }) => realCode))];
  console.log(
    `${judged.length} files: 3.0.6 accepts ${count(({ real }) => real === 'accepts')}, refuses ${count(({ real }) => real === 'refuses')}, ended otherwise ${judged.length - clear.length} (${ended.join(', ')}; -1 is a crash).`,
  );
  const differing = clear.filter(({ real, ours }) => real !== ours);
  console.log(
    `Our verdict is the same for ${clear.length - differing.length}; it differs for ${differing.length}: we refuse ${differing.filter(({ ours }) => ours === 'refuses').length} that it accepts, and accept ${differing.filter(({ ours }) => ours === 'accepts').length} that it refuses.`,
  );
  for (const [code, times] of reasonsOf(differing)) console.log(`  ${times} x ${code}`);
  const wrong = clear.filter(({ real, predicted }) => real !== predicted);
  const mistaken = wrong.filter(({ job }) => !machineDependent.test(job.haCf ?? ''));
  console.log(
    `What it does was predicted wrongly ${mistaken.length} times (${wrong.length - mistaken.length} more hang on what is installed).`,
  );
  for (const one of mistaken.slice(0, 40)) console.log(describeJudged(one));
  const unexplained = differing.filter((one) => !wrong.includes(one) && reasonsOf([one]).length === 0);
  console.log(`Other differences that docs/reference/differences.md does not list: ${unexplained.length}.`);
  for (const one of unexplained.slice(0, 40)) console.log(describeJudged(one));
  return mistaken.length + unexplained.length;
}

/** Documented findings that make the verdicts differ, the most frequent first. */
function reasonsOf(differing: readonly Judged[]): (readonly [string, number])[] {
  const documented = differingCodes();
  const counts = new Map<string, number>();
  for (const { errors, refusals, ours } of differing) {
    for (const code of new Set(ours === 'refuses' ? errors : refusals)) {
      if (documented.includes(code)) counts.set(code, (counts.get(code) ?? 0) + 1);
    }
  }
  return [...counts].sort((left, right) => right[1] - left[1]);
}

/** Files judged by one process. */
const batch = 300;

async function judgeOn(host: Host, jobs: readonly Job[]): Promise<Judged[]> {
  writeFileSync(join(host.stateDirectory, 'jobs.json'), JSON.stringify(jobs));
  const files = ['jobs.json', 'answers.json'].map((name) => `/var/lib/heartbeat/${name}`);
  const judge = [process.execPath, join(import.meta.dirname, 'judge-main.js'), ...files];
  const done = await host.exec(judge, { timeoutMs: 600_000 });
  if (done.code !== 0) throw new Error(`the judge ended with ${done.code}: ${done.stderr}`);
  return JSON.parse(readFileSync(join(host.stateDirectory, 'answers.json'), 'utf8')) as Judged[];
}

/** Some of the files name log files anywhere: outside the directories of the lab host nothing can be written. */
async function protectDisk(host: Host): Promise<void> {
  for (const command of [
    ['mount', '-t', 'tmpfs', 'tmpfs', '/tmp'],
    ['mount', '-o', 'remount,bind,ro', '/'],
  ]) {
    const { code, stderr } = await host.exec(command);
    if (code !== 0) throw new Error(`${command.join(' ')}: ${stderr}`);
  }
}

await enterLab(import.meta.url, async () => {
  if (!existsSync('/usr/libexec/heartbeat/heartbeat')) {
    console.log('skipped (the Debian package heartbeat is not installed)');
    return process.env['LAB'] === 'required' ? 1 : 0;
  }
  const count = Number(countText);
  const seed = Number(seedText);
  console.log(`seeds ${seed} to ${seed + count - 1}`);
  const jobs = [...recordedJobs(), ...Array.from({ length: count }, (_, index) => generateJob(seed + index))];
  const lab = await createLab();
  try {
    const host = lab.host('node1');
    cpSync('/etc/ha.d', host.configurationDirectory, { recursive: true });
    await host.exec(['mkdir', '-p', '/run/heartbeat']);
    await protectDisk(host);
    const judged: Judged[] = [];
    for (let at = 0; at < jobs.length; at += batch) judged.push(...(await judgeOn(host, jobs.slice(at, at + batch))));
    return report(judged) === 0 ? 0 : 1;
  } finally {
    await lab.close();
  }
});
