/** `pairbeat rotate-key` with two daemons that read the real file and say what they accept: restarts, refusals, what is written. */
import { existsSync, lstatSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Authentication } from '../../../src/core/config/configuration.ts';
import { createReporter } from '../../../src/core/config/findings.ts';
import { parseAuthkeys } from '../../../src/core/config/parse-authkeys.ts';
import { failure, type Result, success } from '../../../src/core/result.ts';
import { nodeHashes } from '../../../src/io/hashes.ts';
import type { KeysOfNode, NodeReport, StatusReport } from '../../../src/protocol/status.ts';
import type { PairbeatServices } from '../../../src/tools/pairbeat/command.ts';
import { runPairbeat } from '../../../src/tools/pairbeat/pairbeat.ts';
import { type FakeDaemon, startFakeDaemon, temporaryDirectory } from '../fake-daemon.ts';
import { healthy } from '../fixtures.ts';
import { type Run, run } from '../run-command.ts';

/** One node: its file, what its daemon has in force, and whether that takes a new file. */
interface Node {
  readonly name: 'node1' | 'node2';
  readonly haDir: string;
  daemon: FakeDaemon;
  inForce: Authentication;
  refuses: boolean;
}

const first = 'auth 1\n1 sha1 the-first-key-of-this-pair\n';
let nodes: readonly [Node, Node];

const parse = (text: string) => parseAuthkeys(text, createReporter())!;
const fileOf = (node: Node) => join(node.haDir, 'authkeys');
const textOf = (node: Node) => readFileSync(fileOf(node), 'utf8');
const modeOf = (path: string) => (lstatSync(path).mode & 0o777).toString(8);

beforeEach(async () => {
  const made = await Promise.all((['node1', 'node2'] as const).map((name) => createNode(name)));
  nodes = made as unknown as readonly [Node, Node];
});

afterEach(async () => {
  for (const { daemon, haDir } of nodes) {
    await daemon.end();
    rmSync(haDir, { recursive: true, force: true });
  }
});

async function createNode(name: Node['name']): Promise<Node> {
  const haDir = temporaryDirectory();
  writeFileSync(join(haDir, 'authkeys'), first, { mode: 0o600 });
  const node: Omit<Node, 'daemon'> & { daemon?: FakeDaemon } = { name, haDir, inForce: parse(first), refuses: false };
  node.daemon = await startFakeDaemon({
    status: () => Promise.resolve(success(statusFor(name))),
    reloadKeys: (args) => Promise.resolve(reload(node as Node, args as { dryRun?: boolean })),
  });
  return node as Node;
}

function reload(node: Node, { dryRun }: { dryRun?: boolean }): Result<unknown> {
  if (node.refuses) return failure('keys-peer-lacks', { peer: 'node2', index: 2, accepts: '1' });
  const next = parse(textOf(node));
  const changed = JSON.stringify(next) !== JSON.stringify(node.inForce);
  if (dryRun !== true) node.inForce = next;
  return success({
    changed,
    signsWith: next.sendIndex,
    accepts: next.keys.map(({ index, method }) => ({ index, method })),
  });
}

function statusFor(name: Node['name']): StatusReport {
  const here = nodes.find((node) => node.name === name)!;
  const there = nodes.find((node) => node.name !== name)!;
  const said = (node: Node): KeysOfNode => ({
    signsWith: node.inForce.sendIndex,
    accepts: node.inForce.keys.map((key) => {
      const ours = here.inForce.keys.find(({ index }) => index === key.index);
      const isSame = ours?.method === key.method && ours.secret === key.secret;
      return {
        index: key.index,
        method: key.method,
        agreement: ours === undefined ? 'unknown' : isSame ? 'same' : 'other',
      };
    }),
  });
  const [self, peer] = healthy.nodes as [NodeReport, NodeReport];
  return {
    ...healthy,
    node: name,
    nodes: [
      { ...self, name, keys: said(here) },
      { ...peer, name: there.name, keys: said(there) },
    ],
  };
}

const services = { version: '0', hashes: nodeHashes } as unknown as PairbeatServices;

function rotateOn(node: Node, ...argv: string[]): Promise<Run> {
  const directories = ['--ha-dir', node.haDir, '--run-dir', node.daemon.runDir];
  return run((terminal) => runPairbeat(['rotate-key', ...argv, ...directories], terminal, services));
}

/** As `scp -p` would. */
const copy = ([from, to]: readonly [Node, Node]) => writeFileSync(fileOf(to), textOf(from), { mode: 0o600 });
const numbersOf = ({ inForce }: Node) =>
  `${inForce.sendIndex}: ${inForce.keys.map(({ index, method }) => `${index} ${method}`).join(', ')}`;

describe('rotate-key', () => {
  it('leads both nodes to the new key, step by step, and says what to run', async () => {
    const [node1, node2] = nodes;
    const begun = await rotateOn(node1, '--wait', '0');
    expect(begun.code).toBe(111);
    expect(begun.out).toContain(`scp -p ${fileOf(node1)} root@node2:/etc/ha.d/authkeys\n`);
    expect(begun.out).toContain('     ssh root@node2 pairbeat rotate-key\n');
    expect(numbersOf(node1)).toBe('1: 1 sha1, 2 sha256');
    copy(nodes);
    const [one, two] = await Promise.all([rotateOn(node1, '--wait', '20'), rotateOn(node2, '--wait', '20')]);
    expect([one.code, two.code]).toEqual([0, 0]);
    for (const node of nodes) {
      expect(numbersOf(node)).toBe('2: 2 sha256');
      expect(modeOf(fileOf(node))).toBe('600');
      expect(modeOf(`${fileOf(node)}.backup`)).toBe('600');
    }
    const again = await rotateOn(node1);
    expect(again.code).toBe(0);
    expect(again.out).toContain('Key 2 has replaced key 1.');
    expect(textOf(node1)).toBe(textOf(node2));
  });

  it('shows no secret, with --json neither', async () => {
    const [node1] = nodes;
    const shown = [await rotateOn(node1, '--wait', '0'), await rotateOn(node1, '--wait', '0', '--json')];
    for (const { secret } of node1.inForce.keys) expect(JSON.stringify(shown)).not.toContain(secret);
    expect(JSON.parse(shown[1]!.out)).toMatchObject({
      rotation: { state: 'waiting', exchange: { next: 2, old: 1 }, next: { step: 'peer-accepts', node: 'node2' } },
      status: { code: 111 },
    });
  });

  it('goes on from a file that was written and never read', async () => {
    const [node1, node2] = nodes;
    await rotateOn(node1, '--step', 'add');
    // As if the call had been killed between the two.
    node1.inForce = parse(first);
    copy(nodes);
    const { code, out } = await rotateOn(node2, '--step');
    // node1 does not accept the key as long as its daemon has not read it.
    expect([code, numbersOf(node2)]).toEqual([111, '1: 1 sha1, 2 sha256']);
    expect(out).toContain('authkeys was changed; the daemon has read it.');
    expect((await rotateOn(node1, '--step')).code).toBe(0);
    expect(numbersOf(node1)).toBe('2: 1 sha1, 2 sha256');
  });

  it('puts the old file back when the daemon refuses the new one', async () => {
    const [node1] = nodes;
    await rotateOn(node1, '--step', 'add');
    const before = textOf(node1);
    copy(nodes);
    nodes[1].inForce = parse(before);
    const refusing = rotateOn(node1, '--step', 'sign');
    // From the first look on, which reads the file as it is.
    const { asked } = node1.daemon;
    const seen = asked.length;
    while (asked.length === seen) await new Promise((resolve) => setImmediate(resolve));
    node1.refuses = true;
    expect((await refusing).code).toBe(107);
    expect(textOf(node1)).toBe(before);
  });

  it('changes nothing in a dry run, nor when the step asked for is not due', async () => {
    const [node1] = nodes;
    const dry = await rotateOn(node1, '--dry-run');
    expect([dry.code, dry.out]).toEqual([0, 'This node would add key 2 to authkeys here, accepted beside key 1.\n']);
    for (const step of ['sign', 'remove']) expect((await rotateOn(node1, '--step', step)).code).toBe(107);
    expect(textOf(node1)).toBe(first);
    expect(existsSync(`${fileOf(node1)}.backup`)).toBe(false);
    expect((await rotateOn(node1, '--step', 'bogus')).code).toBe(64);
  });

  it('writes what the other node is to take over, for its owner only', async () => {
    const [node1] = nodes;
    const path = join(node1.haDir, 'for-node2');
    const { out } = await rotateOn(node1, '--wait', '0', '--method', 'chacha20poly1305', '--peer-file', path);
    expect(out).toContain(`scp -p ${path} root@node2:/etc/ha.d/authkeys`);
    expect(modeOf(path)).toBe('600');
    expect(readFileSync(path, 'utf8')).toBe(textOf(node1));
    expect(numbersOf(node1)).toBe('1: 1 sha1, 2 chacha20poly1305');
  });

  it('begins another exchange only when told to, and keeps a better method', async () => {
    const [node1] = nodes;
    await rotateOn(node1, '--wait', '0', '--method', 'aes256gcm');
    copy(nodes);
    await Promise.all(nodes.map((node) => rotateOn(node, '--wait', '20')));
    expect((await rotateOn(node1)).out).toContain('has replaced');
    expect((await rotateOn(node1, '--new', '--wait', '0')).code).toBe(111);
    expect(numbersOf(node1)).toBe('2: 1 aes256gcm, 2 aes256gcm');
  });

  it('does not follow a link in place of authkeys', async () => {
    const [node1] = nodes;
    rmSync(fileOf(node1));
    symlinkSync('elsewhere', fileOf(node1));
    expect((await rotateOn(node1)).code).toBe(66);
  });
});
