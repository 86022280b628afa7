/**
 * Before a package is made: builds from nothing, so that outputs of sources that were renamed or removed since are not
 * published. tsc never deletes, and its record of what is up to date has to go with the outputs.
 */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
for (const output of ['src', 'resource-agents', '.tsbuildinfo']) {
  rmSync(join(root, 'dist', output), { recursive: true, force: true });
}
// Output goes to stderr: `npm pack --json` answers on stdout.
const { status } = spawnSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: ['ignore', 2, 2] });
process.exitCode = status ?? 1;
