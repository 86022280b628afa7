/** What `npm pack` would publish. Uses the files in dist: `npm run build` first. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly bin: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
};

describe('the published package', () => {
  const { stdout } = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: root,
    encoding: 'utf8',
  });
  const [{ files }] = JSON.parse(stdout) as [{ readonly files: readonly { readonly path: string }[] }];
  const paths = files.map(({ path }) => path);

  it('has every command, the host, the own agents, the examples and the units', () => {
    const needed = [...Object.values(manifest.bin), 'dist/src/bin/agent-host.js', 'dist/resource-agents/IPaddr.js'];
    expect(needed.filter((path) => !paths.includes(path))).toEqual([]);
    for (const directory of ['ha.d/', 'systemd/', 'docs/'])
      expect(paths.some((path) => path.startsWith(directory))).toBe(true);
  });

  it('has no source maps (their sources are not in it), no tests and no records of the compiler', () => {
    expect(paths.filter((path) => /\.map$|^dist\/test\/|tsbuildinfo/.test(path))).toEqual([]);
  });
});

describe('npm pack', () => {
  it('builds from nothing: outputs of files that no longer exist are not published', () => {
    expect(manifest.scripts['prepack']).toBe('node scripts/prepack.mjs');
    const project = mkdtempSync(join(tmpdir(), 'pairbeat-prepack-'));
    try {
      for (const directory of ['scripts', 'dist/src/old', 'dist/resource-agents', 'dist/test'])
        mkdirSync(join(project, directory), { recursive: true });
      cpSync(join(root, 'scripts/prepack.mjs'), join(project, 'scripts/prepack.mjs'));
      for (const stale of [
        'dist/src/old/stale.js',
        'dist/resource-agents/stale.js',
        'dist/.tsbuildinfo',
        'dist/test/kept.js',
      ])
        writeFileSync(join(project, stale), '');
      writeFileSync(join(project, 'build.cjs'), "require('node:fs').writeFileSync('dist/built', '');");
      writeFileSync(join(project, 'package.json'), JSON.stringify({ scripts: { build: 'node build.cjs' } }));
      const { status } = spawnSync(process.execPath, ['scripts/prepack.mjs'], { cwd: project });
      expect(status).toBe(0);
      const left = ['dist/src', 'dist/resource-agents', 'dist/.tsbuildinfo', 'dist/test/kept.js', 'dist/built'];
      expect(left.filter((path) => existsSync(join(project, path)))).toEqual(['dist/test/kept.js', 'dist/built']);
      writeFileSync(join(project, 'build.cjs'), 'process.exit(3)');
      expect(spawnSync(process.execPath, ['scripts/prepack.mjs'], { cwd: project }).status).not.toBe(0);
    } finally {
      rmSync(project, { recursive: true });
    }
  });
});
