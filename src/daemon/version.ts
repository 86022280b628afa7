import { readFileSync } from 'node:fs';

/** From the package's own package.json, two or three folders up depending on whether this runs built. */
export const productVersion: string = readVersion();

function readVersion(): string {
  for (const path of ['../../package.json', '../../../package.json']) {
    try {
      const parsed = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as {
        name?: string;
        version?: string;
      };
      if (parsed.name === 'pairbeat' && parsed.version !== undefined) return parsed.version;
    } catch {
      // The other place.
    }
  }
  return 'unknown';
}
