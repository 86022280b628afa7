/**
 * Which file runs for a resource: `<ha-dir>/resource.d/NAME`, then `/etc/init.d/NAME` for R1 words of haresources, and
 * `<ocf-root>/resource.d/heartbeat/TYPE` for `OCF::type::instance`; `systemd::UNIT` is a unit of systemd. The host runs as root, so a name cannot leave its
 * directory and a file that somebody else may write to is refused (security: agent path and parameters).
 *
 * IPaddr, IPaddr2 and IPv6addr never come here: the own agent serves them even where an installation of Heartbeat left
 * its wrappers of these names in resource.d, because those take a hundred times as long. A changed wrapper is used by
 * giving it another name.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { ResourceConfiguration } from '../../core/config/configuration.ts';
import { failure, type Result, success } from '../../core/result.ts';
import { unitName } from './unit-runner.ts';

export interface AgentDirectories {
  readonly haDir: string;
  readonly initDir: string;
  readonly ocfRoot: string;
}

export interface AgentFile {
  readonly file: string;
  /**
   * `r1`: `script args action`; `lsb`: `script action`; `ocf`: `agent action` with parameters in the environment;
   * `unit`: of the service manager, and `file` is its name.
   */
  readonly convention: 'r1' | 'lsb' | 'ocf' | 'unit';
}

const namePattern = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;

export function findAgentFile(resource: ResourceConfiguration, directories: AgentDirectories): Result<AgentFile> {
  const name = resource.type;
  if (!namePattern.test(name)) return failure('agent-name-invalid', { resource: resource.written, name });
  if (resource.kind === 'ocf') {
    const file = join(directories.ocfRoot, 'resource.d', 'heartbeat', name);
    return checked(resource, { file, convention: 'ocf' }) ?? missing(resource, [file]);
  }
  const inResources = join(directories.haDir, 'resource.d', name);
  if (name === 'systemd') return checked(resource, { file: inResources, convention: 'r1' }) ?? unitOf(resource);
  const inInit = join(directories.initDir, name);
  return (
    checked(resource, { file: inResources, convention: 'r1' }) ??
    checked(resource, { file: inInit, convention: 'lsb' }) ??
    missing(resource, [inResources, inInit])
  );
}

/** Somebody's own script of that name goes before, so that an old haresources goes on meaning what it meant. */
function unitOf(resource: ResourceConfiguration): Result<AgentFile> {
  const file = unitName(resource.args[0]);
  return file === undefined || resource.args.length > 1
    ? failure('agent-unit-invalid', { resource: resource.written })
    : success({ file, convention: 'unit' });
}

/** Undefined when there is no executable regular file of the name, so that the next place is tried. */
function checked(resource: ResourceConfiguration, found: AgentFile): Result<AgentFile> | undefined {
  const status = statSync(found.file, { throwIfNoEntry: false });
  if (status === undefined || !status.isFile() || (status.mode & 0o111) === 0) return undefined;
  const ownerTrusted = status.uid === 0 || status.uid === process.geteuid?.();
  const groupWrites = (status.mode & 0o020) !== 0 && status.gid !== 0 && status.gid !== process.getegid?.();
  const othersWrite = (status.mode & 0o002) !== 0;
  if (ownerTrusted && !groupWrites && !othersWrite) return success(found);
  return failure('agent-file-unsafe', { resource: resource.written, file: found.file });
}

function missing(resource: ResourceConfiguration, places: readonly string[]): Result<AgentFile> {
  return failure('agent-missing', { resource: resource.written, places: places.join(', ') });
}
