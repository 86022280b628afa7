/** Where the sources are, whether this runs as TypeScript or from dist. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const root = findRoot(import.meta.dirname);

function findRoot(directory: string): string {
  return existsSync(join(directory, 'package.json')) ? directory : findRoot(dirname(directory));
}
