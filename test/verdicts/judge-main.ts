/**
 * Inside a lab host: for each job writes the three files to /etc/ha.d, asks the real Heartbeat 3.0.6 (`heartbeat -v` reads
 * and judges them as a start does, and exits with 6 for "not configured") and our own loader, on this very machine.
 * Started as: judge-main JOBS ANSWERS
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { judgeAsHeartbeat } from '../../src/core/config/as-heartbeat.ts';
import { loadConfiguration } from '../../src/daemon/load-configuration.ts';
import type { Job } from './generate.ts';

export interface Judged {
  readonly job: Job;
  readonly real: 'accepts' | 'refuses' | 'unclear';
  readonly realCode: number;
  readonly realSaid: string;
  readonly ours: 'accepts' | 'refuses';
  /** What we say that 3.0.6 would do. */
  readonly predicted: 'accepts' | 'refuses';
  readonly errors: readonly string[];
  readonly refusals: readonly string[];
}

const haDir = '/etc/ha.d';
const lsbNotConfigured = 6;

function put(name: string, text: string | undefined, mode: number): void {
  const file = join(haDir, name);
  rmSync(file, { force: true });
  if (text === undefined) return;
  writeFileSync(file, text);
  chmodSync(file, mode);
}

async function judge(job: Job): Promise<Judged> {
  put('ha.cf', job.haCf, 0o644);
  put('haresources', job.haresources, 0o644);
  put('authkeys', job.authkeys, Number.parseInt(job.mode, 8));
  const { findings, configuration } = await loadConfiguration({ haDir });
  const verdict = judgeAsHeartbeat(findings);
  const real = spawnSync('/usr/libexec/heartbeat/heartbeat', ['-v'], { encoding: 'utf8', timeout: 20_000 });
  const code = real.status ?? -1;
  return {
    job,
    real: code === 0 ? 'accepts' : code === lsbNotConfigured ? 'refuses' : 'unclear',
    realCode: code,
    realSaid:
      (real.stderr ?? '')
        .match(/(?:ERROR|WARN): .*/g)
        ?.slice(0, 4)
        .join(' | ') ?? '',
    ours: configuration === undefined ? 'refuses' : 'accepts',
    predicted: verdict.loads ? 'accepts' : 'refuses',
    errors: findings.filter(({ severity }) => severity === 'error').map(({ code: name }) => name),
    refusals: verdict.refusals.map(({ code: name }) => name),
  };
}

const [, , jobsFile = '', answersFile = ''] = process.argv;
const answers: Judged[] = [];
for (const job of JSON.parse(readFileSync(jobsFile, 'utf8')) as Job[]) answers.push(await judge(job));
writeFileSync(answersFile, JSON.stringify(answers));
