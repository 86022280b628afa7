import { describe, expect, it } from 'vitest';
import { createLoader, type FileContent } from '../../../../src/core/cib/store/load.ts';
import { allFiles } from '../../../../src/core/cib/store/shelf.ts';
import { nodeSha256 } from '../../../../src/io/configuration-store.ts';
import { cib, OneStore, Pair } from './pair.ts';

const encoder = new TextEncoder();

describe('the files at start', () => {
  it('that are not there are an empty store', () => {
    expect(new OneStore('alpha', 0).state.condition).toBe('empty');
  });

  it('lose nothing with one rotten copy of the current version, whichever it is', () => {
    for (const name of ['cib-01.xml', 'cib.xml']) {
      for (const spoil of [flipBit, cutOff, zeros, () => new Uint8Array()]) {
        const store = withTwoVersions();
        store.files.set(name, spoil(store.files.get(name)!));
        store.restart();
        expect(store.document, name).toContain('<b/>');
        expect(store.reports, name).toHaveLength(1);
        const isRing = name === 'cib-01.xml';
        expect(store.reports[0]?.code).toBe(isRing ? 'configuration-version-damaged' : 'configuration-file-changed');
        expect(store.files.get('cib-01.xml')).toEqual(store.files.get('cib.xml'));
        expect(store.files.has('cib.xml.rejected')).toBe(!isRing);
      }
    }
  });

  it('go back to the last good version when both copies are gone, say so, and leave out the number that was used', () => {
    const store = withTwoVersions();
    for (const name of ['cib-01.xml', 'cib.xml']) store.files.set(name, flipBit(store.files.get(name)!));
    store.restart();
    expect(store.document).toContain('<a/>');
    expect(store.reports.map(({ code }) => code).sort()).toEqual([
      'configuration-file-changed',
      'configuration-version-damaged',
    ]);
    expect(store.commit(cib('<c/>'))).toMatchObject({ value: { version: { epoch: 6 } } });
  });

  it('are never empty when none of them verifies: nothing is committed, unless somebody says that it replaces them', () => {
    const store = withTwoVersions();
    for (const [name, bytes] of store.files) store.files.set(name, flipBit(bytes));
    store.restart();
    expect(store.state.condition).toBe('unreadable');
    expect(store.reports.map(({ code }) => code)).toContain('configuration-unreadable');
    expect(store.commit(cib('<c/>'))).toMatchObject({ problem: { code: 'configuration-unreadable' } });
    expect(store.commit(cib('<c/>'), { adopts: true })).toMatchObject({ ok: true });
  });

  it('that do not verify are replaced by what the other node has', () => {
    const pair = new Pair();
    pair.meet();
    pair.alpha.commit(cib('<a/>'));
    pair.run();
    pair.part();
    for (const [name, bytes] of pair.beta.files) pair.beta.files.set(name, flipBit(bytes));
    pair.beta.restart();
    pair.meet();
    expect(pair.beta.document).toBe(pair.alpha.document);
    expect(pair.beta.files.has('cib.xml.rejected')).toBe(true);
  });

  it('with a cib.xml of another program alone wait for somebody to adopt it', () => {
    const store = new OneStore('alpha', 0);
    const theirs = cib('<theirs/>', ' admin_epoch="1" epoch="57" num_updates="9"');
    store.files.set('cib.xml', encoder.encode(theirs));
    store.restart();
    expect(store.state.condition).toBe('foreign');
    expect(store.commit(theirs)).toMatchObject({ problem: { code: 'configuration-foreign' } });
    expect(store.commit(theirs, { adopts: true })).toMatchObject({ value: { version: { adminEpoch: 1, epoch: 58 } } });
    expect(store.files.get('cib.xml.rejected')).toEqual(encoder.encode(theirs));
  });

  it('that the disk cannot read count as damaged', () => {
    const store = withTwoVersions();
    const loader = createLoader(nodeSha256);
    for (const name of allFiles) {
      const content: FileContent = store.files.get(name) ?? 'missing';
      loader.add(name, name === 'cib-01.xml' ? 'unreadable' : content);
    }
    const loaded = loader.finish();
    expect(loaded.current?.entry.version.epoch).toBe(4);
    expect(loaded.problems).toMatchObject([{ code: 'configuration-version-damaged', fields: { file: 'cib-01.xml' } }]);
  });
});

function withTwoVersions(): OneStore {
  const store = new OneStore('alpha', 0);
  store.commit(cib('<a/>'));
  store.commit(cib('<b/>'));
  return store;
}

function flipBit(bytes: Uint8Array): Uint8Array {
  const spoilt = bytes.slice();
  spoilt[20]! ^= 4;
  return spoilt;
}

function cutOff(bytes: Uint8Array): Uint8Array {
  return bytes.slice(0, -5);
}

function zeros(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.length);
}
