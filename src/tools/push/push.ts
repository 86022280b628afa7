/**
 * Copies the configuration of this node to the other one, over ssh: first the difference is shown, then, when told to,
 * the files are copied beside those that are there, put into place, checked with `pairbeat check` over there, and taken
 * up. A check that fails puts everything back. Secrets of authkeys are never shown.
 *
 * ssh is the administrator's own: host keys are checked as he has it set up, nothing is typed in for him.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { failure, type Result, success } from '../../core/result.ts';

export const pushedFiles = ['ha.cf', 'haresources', 'authkeys', 'pairbeat.conf'] as const;
type FileName = (typeof pushedFiles)[number];

export interface FileDifference {
  readonly name: FileName;
  /** The whole file is missing there, or here. */
  readonly missing?: 'here' | 'there';
  /** `+` as here, `-` as there; nothing of authkeys. */
  readonly lines: readonly string[];
}

export interface Target {
  readonly host: string;
  /** The configuration directory there. */
  readonly directory: string;
}

/** Problem codes: ssh-failed, file-not-readable. */
export async function comparePush(haDir: string, target: Target): Promise<Result<readonly FileDifference[]>> {
  const differences: FileDifference[] = [];
  for (const name of pushedFiles) {
    const here = readLocal(haDir, name);
    const there = await readRemote(target, name);
    if (!there.ok) return there;
    if (here === there.value) continue;
    if (here === undefined || there.value === undefined)
      differences.push({ name, missing: here === undefined ? 'here' : 'there', lines: [] });
    else differences.push({ name, lines: name === 'authkeys' ? [] : lineDifference(here, there.value) });
  }
  return success(differences);
}

/** Problem codes: ssh-failed, push-check-failed, push-reload-failed. Both of the last put the old files back. */
export async function push(haDir: string, target: Target, names: readonly FileName[]): Promise<Result<string>> {
  const paths = names.map((name) => quote(join(target.directory, name)));
  for (const [at, name] of names.entries()) {
    const text = readLocal(haDir, name) ?? '';
    const mode = name === 'authkeys' ? '600' : '644';
    const put = await ssh(target, `umask 077 && cat > ${paths[at]}.new && chmod ${mode} ${paths[at]}.new`, text);
    if (!put.ok) return put;
  }
  // All old files are safe before the first of them is replaced: otherwise putting them back could lose one.
  const save = paths.map((path) => `rm -f ${path}.before && { [ ! -e ${path} ] || cp -p ${path} ${path}.before; }`);
  const saved = await ssh(target, save.join(' && '));
  if (!saved.ok) return saved;
  const placed = await ssh(target, paths.map((path) => `mv ${path}.new ${path}`).join(' && '));
  const back = paths
    .map((path) => `if [ -e ${path}.before ]; then mv ${path}.before ${path}; else rm -f ${path}; fi`)
    .join('; ');
  if (!placed.ok) {
    await ssh(target, back);
    return placed;
  }
  const checked = await ssh(target, `pairbeat check ${quote(target.directory)}`, '', [0, 6, 127]);
  if (!checked.ok || checked.value.code !== 0) {
    await ssh(target, back);
    return checked.ok
      ? failure('push-check-failed', {
          host: target.host,
          code: checked.value.code,
          output: lastLines(checked.value.output),
        })
      : checked;
  }
  const reloaded = await ssh(target, 'heartbeat -r', '', 'any');
  if (reloaded.ok && reloaded.value.code === 0) return success(reloaded.value.output);
  await ssh(target, back);
  if (!reloaded.ok) return reloaded;
  return failure('push-reload-failed', {
    host: target.host,
    code: reloaded.value.code,
    output: lastLines(reloaded.value.output),
  });
}

function readLocal(haDir: string, name: string): string | undefined {
  try {
    return readFileSync(join(haDir, name), 'utf8');
  } catch {
    return undefined;
  }
}

/** Undefined where there is no such file. */
async function readRemote(target: Target, name: string): Promise<Result<string | undefined>> {
  const path = quote(join(target.directory, name));
  const read = await ssh(target, `[ -e ${path} ] || exit 44; cat ${path}`, '', [0, 44]);
  if (!read.ok) return read;
  return success(read.value.code === 44 ? undefined : read.value.stdout);
}

interface Answer {
  readonly code: number;
  readonly stdout: string;
  /** Both streams. */
  readonly output: string;
}

const patienceMs = 60_000;
const outputMax = 1 << 20;

/** The words for the shell over there are ours, and paths are quoted. `allowed`: exit codes that are answers. */
function ssh(
  target: Target,
  command: string,
  input = '',
  allowed: readonly number[] | 'any' = [0],
): Promise<Result<Answer>> {
  const { host } = target;
  return new Promise((resolve) => {
    const child = spawn('ssh', ['-o', 'BatchMode=yes', '-o', 'ConnectTimeout=10', '--', host, command], {
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: patienceMs,
    });
    let [stdout, output] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (stdout.length < outputMax) [stdout, output] = [stdout + text, output + text];
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (output.length < outputMax) output += text;
    });
    child.stdin.on('error', () => undefined);
    child.on('error', (error) => resolve(failure('ssh-failed', { host, reason: error.message })));
    child.on('close', (code, signal) => {
      if (code !== null && code !== 255 && (allowed === 'any' || allowed.includes(code)))
        return resolve(success({ code, stdout, output }));
      resolve(failure('ssh-failed', { host, reason: lastLines(output) || `exit ${code ?? signal}` }));
    });
    child.stdin.end(input);
  });
}

const quote = (path: string): string => `'${path.replaceAll("'", "'\\''")}'`;

const lastLines = (text: string): string => text.trim().split('\n').slice(-3).join(' / ').slice(0, 400);

/** Lines that only one of them has, in their order. */
function lineDifference(here: string, there: string): string[] {
  const [ours, theirs] = [here.split('\n'), there.split('\n')];
  const only = (lines: readonly string[], others: readonly string[]): string[] => {
    const rest = [...others];
    return lines.filter((line) => {
      const at = rest.indexOf(line);
      if (at >= 0) rest.splice(at, 1);
      return at < 0;
    });
  };
  return [...only(theirs, ours).map((line) => `- ${line}`), ...only(ours, theirs).map((line) => `+ ${line}`)];
}
