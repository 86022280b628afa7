/** Reading a real directory: file kinds and modes, nodeinfo, the seed configuration, the example that we ship. */
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ownAgentTypes } from '../../resource-agents/registry.ts';
import { addressTypes } from '../../src/core/config/parse-resource.ts';
import { loadConfiguration } from '../../src/daemon/load-configuration.ts';
import { machineFacts } from '../../src/daemon/machine-facts.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'pairbeat-config-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const key = '0123456789abcdef0123456789abcdef';
function write(name: string, text: string, mode = 0o600): void {
  writeFileSync(join(directory, name), text);
  chmodSync(join(directory, name), mode);
}
function writeAll(): void {
  write('ha.cf', 'logfile /x\nnode alpha beta\nbcast lo\nauto_failback off\n');
  write('haresources', 'alpha 10.0.0.1/24\n');
  write('authkeys', `auth 1\n1 sha256 ${key}\n`);
}
const load = (node?: string) => loadConfiguration({ haDir: directory }, node === undefined ? {} : { node });
const codes = async (node?: string) =>
  (await load(node)).findings
    .filter((finding) => finding.severity === 'error')
    .map((finding) => `${finding.file} ${finding.code}`);

describe('loading a directory', () => {
  test('nodeinfo names this node, in any case', async () => {
    writeAll();
    write('nodeinfo', 'BETA\nrest\n');
    const loaded = await load();
    expect(loaded.node).toBe('beta');
    expect(loaded.configuration).toMatchObject({ localNode: 'beta', directory });
    expect(loaded.configuration?.authentication.keys).toEqual([{ index: 1, method: 'sha256', secret: key }]);
  });

  test('without nodeinfo the name of the machine counts, and --node stands above both', async () => {
    writeAll();
    expect(await codes()).toEqual(['ha.cf node-self-missing']);
    expect((await load('ALPHA')).configuration?.localNode).toBe('alpha');
  });

  test('an empty directory is three missing files, each named once', async () => {
    expect(await codes('alpha')).toEqual(['ha.cf file-missing', 'authkeys file-missing', 'haresources file-missing']);
  });

  test('a key file that others can read or write, a link, and a directory are refused', async () => {
    writeAll();
    chmodSync(join(directory, 'authkeys'), 0o640);
    expect(await codes('alpha')).toEqual(['authkeys authkeys-mode']);
    chmodSync(join(directory, 'authkeys'), 0o622);
    expect(await codes('alpha')).toEqual(['authkeys authkeys-mode-writable']);
    rmSync(join(directory, 'authkeys'));
    write('real', `auth 1\n1 sha256 ${key}\n`);
    symlinkSync(join(directory, 'real'), join(directory, 'authkeys'));
    expect(await codes('alpha')).toEqual(['authkeys authkeys-not-regular']);
    rmSync(join(directory, 'authkeys'));
    mkdirSync(join(directory, 'authkeys'));
    expect(await codes('alpha')).toEqual(['authkeys authkeys-not-regular']);
  });

  test('a key file beyond 4 KiB is not read', async () => {
    writeAll();
    write('authkeys', `auth 1\n1 sha256 ${key}\n${'#'.repeat(5000)}\n`);
    expect((await codes('alpha'))[0]).toBe('authkeys file-too-large');
  });

  test('a directory or an endless file in place of ha.cf is an error, not a hang', async () => {
    writeAll();
    rmSync(join(directory, 'ha.cf'));
    mkdirSync(join(directory, 'ha.cf'));
    expect(await codes('alpha')).toEqual(['ha.cf file-unreadable']);
    rmSync(join(directory, 'ha.cf'), { recursive: true });
    symlinkSync('/dev/zero', join(directory, 'ha.cf'));
    expect(await codes('alpha')).toEqual(['ha.cf file-unreadable']);
  });

  test('devices of this machine are compared, those of another node are not', async () => {
    writeAll();
    write('ha.cf', 'logfile /x\nnode alpha beta\nbcast nosuch0\nauto_failback off\n');
    write('nodeinfo', 'alpha\n');
    expect(await codes()).toEqual(['ha.cf device-missing']);
    expect(await codes('alpha')).toEqual([]);
  });
});

describe('what is known about this machine', () => {
  test('its loopback device, its root user, its executables; nothing that does not exist', () => {
    const facts = machineFacts(directory);
    expect(facts.interfaces).toContain('lo');
    expect(facts.fileKind?.('/bin/sh')).toBe('executable');
    expect(facts.fileKind?.('/no/such')).toBe('missing');
    expect(facts.fileKind?.('/etc/passwd/such')).toBe('missing');
    expect(facts.fileKind?.('/dev/null')).toBe('device');
    expect(facts.fileKind?.('/etc')).toBe('other');
    expect(facts.userExists?.('root') ?? true).toBe(true);
    expect(facts.userExists?.('no-such-user') ?? false).toBe(false);
    expect(facts.scriptExists?.('IPaddr2')).toBe(true);
    expect(facts.scriptExists?.('no-such-script')).toBe(false);
  });

  test('a script in resource.d is found only when it can be executed', () => {
    mkdirSync(join(directory, 'resource.d'));
    write('resource.d/web', '#!/bin/sh\n', 0o644);
    expect(machineFacts(directory).scriptExists?.('web')).toBe(false);
    chmodSync(join(directory, 'resource.d/web'), 0o755);
    expect(machineFacts(directory).scriptExists?.('web')).toBe(true);
  });
});

describe('the seed configuration', () => {
  const seed = (name: string): string => join(import.meta.dirname, '../data/seed-config', name);
  function copySeed(): void {
    for (const name of ['ha.cf', 'haresources', 'authkeys']) copyFileSync(seed(name), join(directory, name));
    chmodSync(join(directory, 'authkeys'), 0o600);
  }

  test('with crm respawn it is loaded, and manages nothing', async () => {
    copySeed();
    const loaded = await load('node1');
    expect(loaded.configuration).toMatchObject({ resourceManager: 'crm', groups: [] });
    const errors = loaded.findings.filter((finding) => finding.severity === 'error');
    expect(errors).toEqual([]);
    expect(loaded.findings).toContainEqual(expect.objectContaining({ code: 'crm-mode', line: 21 }));
  });

  test('without crm and pingd it is the classic cluster', async () => {
    copySeed();
    const { readFileSync } = await import('node:fs');
    const classic = readFileSync(seed('ha.cf'), 'utf8')
      .split('\n')
      .filter((line) => !/^crm|pingd/.test(line));
    write('ha.cf', classic.join('\n'));
    const { configuration } = await load('node1');
    expect(configuration).toMatchObject({
      nodes: ['node1', 'node2'],
      timing: { keepaliveMs: 2000, deadtimeMs: 30_000, warntimeMs: 10_000, initdeadMs: 120_000 },
      links: [{ id: 'bcast/eth0', device: 'eth0', port: 694 }],
      autoFailback: 'on',
      groups: [
        { owner: 'node1', key: 'IPaddr::192.168.1.100/24/eth0', resources: [{ type: 'IPaddr' }, { type: 'httpd' }] },
      ],
    });
    expect(configuration?.authentication.weaknesses).toHaveLength(1);
    expect((await load('node2')).configuration?.digest).toBe(configuration?.digest);
  });
});

describe('the example configuration', () => {
  test('is free of errors and warnings, with a real key', async () => {
    for (const name of ['ha.cf', 'haresources', 'pairbeat.conf']) {
      copyFileSync(join(import.meta.dirname, '../../ha.d', name), join(directory, name));
    }
    write('authkeys', `auth 1\n1 sha256 ${key}\n`);
    const loaded = await load('node1');
    expect(loaded.findings.filter((finding) => finding.code !== 'authkeys-unknown-to-heartbeat')).toEqual([]);
    expect(loaded.configuration?.links).toHaveLength(3);
  });

  test('its authkeys.example is well formed, and its key is known as an example', async () => {
    writeAll();
    copyFileSync(join(import.meta.dirname, '../../ha.d/authkeys.example'), join(directory, 'authkeys'));
    chmodSync(join(directory, 'authkeys'), 0o600);
    const { configuration } = await load('alpha');
    expect(configuration?.authentication.weaknesses).toEqual([expect.stringContaining('example')]);
  });
});

describe('what the daemon takes for an own agent', () => {
  test('is what the agents themselves say', () => {
    expect([...addressTypes].sort()).toEqual([...ownAgentTypes].sort());
  });
});
