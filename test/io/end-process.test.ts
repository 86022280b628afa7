import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';

const built = pathToFileURL(join(import.meta.dirname, '../../dist/src/io/end-process.js')).href;

describe('a process that must end', () => {
  it('ends with its code, and no exit handler can keep it', () => {
    const program = `
      import { endProcess } from ${JSON.stringify(built)};
      process.on('exit', () => { process.stdout.write('a handler ran'); });
      endProcess(7);`;
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
    });
    expect({ status, stdout, stderr }).toEqual({ status: 7, stdout: '', stderr: '' });
  });
});
