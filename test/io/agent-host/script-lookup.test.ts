import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ResourceConfiguration } from '../../../src/core/config/configuration.ts';
import { parseParameters, readOcfParameters } from '../../../src/io/agent-host/ocf-parameters.ts';
import { findAgentFile } from '../../../src/io/agent-host/script-lookup.ts';

let root = '';
const directories = () => ({ haDir: join(root, 'ha.d'), initDir: join(root, 'init.d'), ocfRoot: join(root, 'ocf') });
const script = (type: string): ResourceConfiguration => ({ written: type, kind: 'script', type, args: [] });
const ocf = (type: string): ResourceConfiguration => ({
  written: `OCF::${type}::one`,
  kind: 'ocf',
  type,
  args: ['one'],
});

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pairbeat-lookup-'));
  for (const name of ['ha.d/resource.d', 'init.d', 'ocf/resource.d/heartbeat', 'ha.d/conf/OCF/Web'])
    mkdirSync(join(root, name), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(path: string, mode = 0o755): string {
  const file = join(root, path);
  writeFileSync(file, '#!/bin/sh\n');
  chmodSync(file, mode);
  return file;
}

it('prefers resource.d to init.d, and takes init.d when resource.d has nothing executable', () => {
  const init = put('init.d/httpd');
  expect(findAgentFile(script('httpd'), directories())).toMatchObject({ value: { file: init, convention: 'lsb' } });
  put('ha.d/resource.d/httpd', 0o644);
  expect(findAgentFile(script('httpd'), directories())).toMatchObject({ value: { file: init } });
  const r1 = put('ha.d/resource.d/httpd');
  expect(findAgentFile(script('httpd'), directories())).toMatchObject({ value: { file: r1, convention: 'r1' } });
});

it('follows links, as init scripts often are some', () => {
  put('real');
  symlinkSync(join(root, 'real'), join(root, 'init.d/linked'));
  expect(findAgentFile(script('linked'), directories())).toMatchObject({ value: { convention: 'lsb' } });
});

it('finds OCF agents below the OCF root only', () => {
  put('ha.d/resource.d/Web');
  expect(findAgentFile(ocf('Web'), directories())).toMatchObject({ ok: false, problem: { code: 'agent-missing' } });
  const file = put('ocf/resource.d/heartbeat/Web');
  expect(findAgentFile(ocf('Web'), directories())).toMatchObject({ value: { file, convention: 'ocf' } });
});

it.each(['../../bin/sh', 'a/b', '', '-rf', '.hidden', '..', 'na me', 'x\0y', 'a;b'])('refuses the name %j', (name) => {
  expect(findAgentFile(script(name), directories())).toMatchObject({
    ok: false,
    problem: { code: 'agent-name-invalid' },
  });
  expect(findAgentFile(ocf(name), directories())).toMatchObject({ ok: false, problem: { code: 'agent-name-invalid' } });
});

it('does not run what others may change, and names the file', () => {
  const file = put('ha.d/resource.d/httpd', 0o757);
  put('init.d/httpd');
  expect(findAgentFile(script('httpd'), directories())).toMatchObject({
    problem: { code: 'agent-file-unsafe', fields: { file } },
  });
});

it('does not take a directory for a script', () => {
  mkdirSync(join(root, 'ha.d/resource.d/httpd'));
  expect(findAgentFile(script('httpd'), directories())).toMatchObject({ problem: { code: 'agent-missing' } });
});

it('reads OCF parameters from a file, or from the files of a directory', () => {
  writeFileSync(
    join(root, 'ha.d/conf/OCF/Web/one'),
    '# comment\nport=80\nOCF_RESKEY_root="/srv/a b"\n\nexport name=\'x=y\'\nempty=\n',
  );
  expect(readOcfParameters(join(root, 'ha.d'), 'Web', 'one')).toEqual({
    ok: true,
    value: { port: '80', root: '/srv/a b', name: 'x=y', empty: '' },
  });
  mkdirSync(join(root, 'ha.d/conf/OCF/Web/two'));
  writeFileSync(join(root, 'ha.d/conf/OCF/Web/two/a'), 'port=80\n');
  writeFileSync(join(root, 'ha.d/conf/OCF/Web/two/b'), 'port=81\nhost=h\n');
  expect(readOcfParameters(join(root, 'ha.d'), 'Web', 'two')).toEqual({ ok: true, value: { port: '81', host: 'h' } });
  expect(readOcfParameters(join(root, 'ha.d'), 'Web', 'none')).toEqual({ ok: true, value: {} });
  expect(readOcfParameters(join(root, 'ha.d'), 'Web', '../../../secret')).toMatchObject({ ok: false });
});

it.each(['no separator', '=value', 'bad name=1', 'a;b=1', '1a=2'])(
  'refuses the parameter line %j, naming file and line',
  (line) => {
    expect(parseParameters(`ok=1\n${line}\n`, 'F')).toMatchObject({
      problem: { code: 'ocf-parameter-invalid', fields: { file: 'F', line: 2 } },
    });
  },
);

it('expands nothing in a value', () => {
  expect(parseParameters('a=$(reboot) `x` $HOME\n', 'F')).toEqual({ ok: true, value: { a: '$(reboot) `x` $HOME' } });
});

it('takes systemd::UNIT for a unit, unless somebody has a script of that name', () => {
  const unit = { written: 'systemd::web', kind: 'script', type: 'systemd', args: ['web'] } as const;
  put('init.d/systemd');
  expect(findAgentFile(unit, directories())).toEqual({ ok: true, value: { file: 'web.service', convention: 'unit' } });
  const file = put('ha.d/resource.d/systemd');
  expect(findAgentFile(unit, directories())).toEqual({ ok: true, value: { file, convention: 'r1' } });
});
