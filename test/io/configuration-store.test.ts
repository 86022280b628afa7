import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { StoreMessage } from '../../src/core/cib/store/messages.ts';
import type { Problem } from '../../src/core/result.ts';
import { type ConfigurationStore, openConfigurationStore, type StoreHooks } from '../../src/io/configuration-store.ts';
import { createPlainFiles } from '../../src/io/plain-files.ts';

const asker = { who: 'root', when: 'now', tool: 'crm' };

describe('the configuration store on a real disk', () => {
  const directories: string[] = [];
  afterEach(async () => {
    for (const directory of directories.splice(0)) await rm(directory, { recursive: true });
  });

  async function place(): Promise<string> {
    const directory = await mkdtemp(join(tmpdir(), 'pairbeat-store-'));
    directories.push(directory);
    return directory;
  }

  it('commits, reads back, and goes back to an earlier version', async () => {
    const directory = await place();
    const store = await opened(directory);
    expect(await store.commit({ document: cib('<a/>'), parent: '', ...asker })).toMatchObject({ ok: true });
    const first = store.state.current!.entry.digest;
    await store.commit({ document: cib('<b/>'), parent: first, ...asker });
    const again = await opened(directory);
    expect(again.versions().map(({ place: where, entry }) => [where, entry.version.epoch])).toEqual([
      ['current', 4],
      ['earlier', 2],
    ]);
    expect(await again.read(first)).toMatchObject({ ok: true, value: { entry: { digest: first } } });
    expect(await again.commitAgain(first, { ...asker, tool: 'crm cib commit' })).toMatchObject({ ok: true });
    expect(await readFile(join(directory, 'cib.xml'), 'utf8')).toMatch(/^<cib admin_epoch="0" epoch="6" [\s\S]*<a\/>/);
    expect(await again.read('0'.repeat(64))).toMatchObject({ problem: { code: 'configuration-version-unknown' } });
  });

  it('says so when an earlier version has rotted, and goes on', async () => {
    const directory = await place();
    const store = await opened(directory);
    await store.commit({ document: cib('<a/>'), parent: '', ...asker });
    const first = store.state.current!.entry.digest;
    await store.commit({ document: cib('<b/>'), parent: first, ...asker });
    await writeFile(join(directory, 'cib-00.xml'), 'rot');
    expect(await store.read(first)).toMatchObject({ problem: { code: 'configuration-version-damaged' } });
    const problems: Problem[] = [];
    const again = await opened(directory, { onProblem: (problem) => problems.push(problem) });
    expect(problems).toMatchObject([
      { code: 'configuration-version-damaged', fields: { file: 'cib-00.xml', used: '0.4.0' } },
    ]);
    expect(again.state.current?.entry.version.epoch).toBe(4);
  });

  it('does not start on files that it may not read, rather than call them empty', async () => {
    const directory = await place();
    await rm(directory, { recursive: true });
    await writeFile(directory, 'a file where a directory should be');
    expect(
      await openConfigurationStore(createPlainFiles(directory), { node: 'alpha', parity: 0 }, hooks()),
    ).toMatchObject({
      ok: false,
      problem: { code: 'file-wrong-type' },
    });
  });

  it('brings a commit to the other node', async () => {
    const sent: [ConfigurationStore | undefined, StoreMessage][] = [];
    const stores: ConfigurationStore[] = [];
    for (const index of [0, 1] as const) {
      const send = (message: StoreMessage): unknown => sent.push([stores[1 - index], message]);
      stores.push(await opened(await place(), { send }, index));
    }
    const [alpha, beta] = stores as [ConfigurationStore, ConfigurationStore];
    alpha.handle({ type: 'peer', isMember: true, leads: true });
    beta.handle({ type: 'peer', isMember: true, leads: false });
    const answer = beta.commit({ document: cib('<a/>'), parent: '', ...asker });
    let isOver = false;
    void answer.finally(() => {
      isOver = true;
    });
    while (!isOver) {
      for (const [to, message] of sent.splice(0)) to?.handle({ type: 'message', message });
      await new Promise(setImmediate);
    }
    expect(await answer).toMatchObject({ ok: true, value: { where: 'both' } });
    expect(alpha.state.current?.bytes).toEqual(beta.state.current?.bytes);
  });
});

async function opened(
  directory: string,
  some: Partial<StoreHooks> = {},
  parity: 0 | 1 = 0,
): Promise<ConfigurationStore> {
  const node = parity === 0 ? 'alpha' : 'beta';
  const result = await openConfigurationStore(createPlainFiles(directory), { node, parity }, { ...hooks(), ...some });
  if (!result.ok) throw new Error(result.problem.code);
  return result.value;
}

function hooks(): StoreHooks {
  return { nowUs: () => 0, send: () => {}, onChanged: () => {}, onProblem: () => {} };
}

function cib(content: string): string {
  return `<cib>\n  <configuration>${content}</configuration>\n</cib>\n`;
}
