/**
 * Parameters of `OCF::type::instance`: lines `name=value` in `<ha-dir>/conf/OCF/type/instance`, or in every file of a
 * directory of that name. Values may be quoted as for a shell, but nothing in them is expanded.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { failure, type Result, success } from '../../core/result.ts';

const namePattern = /^[A-Za-z_][A-Za-z0-9_-]*$/;
const pathPattern = /^[A-Za-z0-9_][A-Za-z0-9_.:-]*$/;
const maximumBytes = 128 * 1024;
const maximumFiles = 64;

/** Only a name: what an instance without parameters needs. A missing file is not an error. */
export function readOcfParameters(haDir: string, type: string, instance: string): Result<Record<string, string>> {
  if (!pathPattern.test(type) || !pathPattern.test(instance))
    return failure('agent-name-invalid', { name: `${type}::${instance}` });
  const path = join(haDir, 'conf', 'OCF', type, instance);
  try {
    const status = statSync(path, { throwIfNoEntry: false });
    if (status === undefined) return success({});
    const files = status.isDirectory()
      ? readdirSync(path)
          .sort()
          .slice(0, maximumFiles)
          .map((name) => join(path, name))
      : [path];
    const parameters: Record<string, string> = {};
    let bytes = 0;
    for (const file of files) {
      const found = statSync(file);
      if (!found.isFile()) continue;
      bytes += found.size;
      const text = found.size > maximumBytes ? '' : readFileSync(file, 'utf8');
      if (bytes > maximumBytes) return failure('ocf-parameters-too-long', { file, limit: maximumBytes });
      const parsed = parseParameters(text, file);
      if (!parsed.ok) return parsed;
      Object.assign(parameters, parsed.value);
    }
    return success(parameters);
  } catch (error) {
    return failure('ocf-parameters-unreadable', {
      file: path,
      reason: error instanceof Error ? error.message : String(error),
    });
  }
}

export function parseParameters(text: string, file: string): Result<Record<string, string>> {
  const parameters: Record<string, string> = {};
  for (const [index, line] of text.split('\n').entries()) {
    const words = line.trim();
    if (words === '' || words.startsWith('#')) continue;
    const separator = words.indexOf('=');
    const name = words
      .slice(0, Math.max(0, separator))
      .replace(/^export\s+/, '')
      .replace(/^OCF_RESKEY_/, '');
    if (separator < 0 || !namePattern.test(name))
      return failure('ocf-parameter-invalid', { file, line: index + 1, text: words });
    const value = unquoted(words.slice(separator + 1).trim());
    if (value.includes('\0')) return failure('ocf-parameter-invalid', { file, line: index + 1, text: name });
    parameters[name] = value;
  }
  return success(parameters);
}

function unquoted(value: string): string {
  const quote = value[0];
  const quoted = value.length >= 2 && (quote === '"' || quote === "'") && value.endsWith(quote);
  return quoted ? value.slice(1, -1) : value;
}
