/**
 * Pacemaker's own `crm_simulate` as the oracle: what it answers about a CIB, in the form of answer.ts. Its answers depend
 * on nothing but the CIB, "now" and its version, so they are kept under a folder outside the repository.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Answer } from './answer.ts';
import { readReport } from './oracle-report.ts';

export type OracleAnswer =
  | { kind: 'answer'; answer: Answer }
  /** `invalid`: the CIB was refused. `loop`: the transition could not be executed. `abort`: the program died. */
  | { kind: 'rejected'; why: 'invalid' | 'loop' | 'abort' | 'timeout'; words: string };

const program = '/usr/sbin/crm_simulate';
const patienceMs = 20_000;
/** To be raised when what is kept of an answer changes. */
const cacheGeneration = 3;

export function oracleVersion(): string | undefined {
  const found = spawnSync(program, ['--version'], { encoding: 'utf8' });
  return found.status === 0 ? found.stdout.split('\n')[0] : undefined;
}

/** `now` as `crm_simulate -t` takes it (ISO 8601); without it the clock of the machine, and nothing is kept. */
export async function askOracle(xml: string, now?: string): Promise<OracleAnswer> {
  if (now === undefined) return askAfresh(xml, undefined);
  const file = join(
    cacheFolder(),
    `${createHash('sha256').update(`${cacheGeneration}\n${now}\n${xml}`).digest('hex')}.json`,
  );
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as OracleAnswer;
  const answer = await askAfresh(xml, now);
  if (answer.kind === 'answer' || answer.why !== 'timeout') {
    writeFileSync(`${file}.${process.pid}`, JSON.stringify(answer));
    renameSync(`${file}.${process.pid}`, file);
  }
  return answer;
}

async function askAfresh(xml: string, now: string | undefined): Promise<OracleAnswer> {
  const folder = mkdtempSync(join(tmpdir(), 'pairbeat-oracle-'));
  try {
    const file = join(folder, 'cib.xml');
    writeFileSync(file, xml);
    const when = now === undefined ? [] : ['-t', now];
    const { status, signal, out, err } = await run(['-x', file, '-S', ...when, '--output-as=xml'], folder);
    const words = err
      .split('\n')
      .filter((line) => /error|warning|crit/.test(line))
      .slice(0, 5)
      .join('\n');
    if (signal === 'SIGKILL') return { kind: 'rejected', why: 'timeout', words };
    if (signal !== null || status === null) return { kind: 'rejected', why: 'abort', words };
    if (/Transition failed|invalid transition/i.test(out + err)) return { kind: 'rejected', why: 'loop', words };
    if (status !== 0 || !out.includes('<revised_cluster_status')) return { kind: 'rejected', why: 'invalid', words };
    return { kind: 'answer', answer: readReport(out) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Ended {
  status: number | null;
  signal: NodeJS.Signals | null;
  out: string;
  err: string;
}

function run(args: readonly string[], folder: string): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, CIB_shadow_dir: folder, LC_ALL: 'C', TZ: 'UTC' };
    const child = spawn(program, args, {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: patienceMs,
      killSignal: 'SIGKILL',
    });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
    });
    child.on('error', reject);
    child.on('close', (status, signal) => resolve({ status, signal, out, err }));
  });
}

function cacheFolder(): string {
  const folder = process.env['PAIRBEAT_ORACLE_CACHE'] ?? join(tmpdir(), 'pairbeat-oracle-cache');
  mkdirSync(folder, { recursive: true });
  return folder;
}
