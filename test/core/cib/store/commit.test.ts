import { describe, expect, it } from 'vitest';
import { versionText } from '../../../../src/core/cib/store/version.ts';
import { cib, OneStore, Pair } from './pair.ts';

const diskFull = { code: 'disk-full', fields: { file: 'x', unchanged: true } };
const directoryFailed = { code: 'disk-failed', fields: { file: 'x' } };

describe('a commit on a node alone', () => {
  it('is durable in the ring and in cib.xml before it is answered, and says that it is here only', () => {
    const store = new OneStore('alpha', 0);
    expect(store.commit(cib('<a/>'))).toMatchObject({
      ok: true,
      value: { where: 'here', version: { adminEpoch: 0, epoch: 2 }, notice: { fields: { why: 'alone' } } },
    });
    expect([...store.files.keys()]).toEqual(['cib-00.xml', 'cib.xml']);
    expect(store.files.get('cib.xml')).toEqual(store.files.get('cib-00.xml'));
    expect(store.document).toBe(cib('<a/>', ' admin_epoch="0" epoch="2" num_updates="0"'));
  });

  it('is there after a restart, with who made it and what changed', () => {
    const store = new OneStore('alpha', 0);
    store.commit(cib('<a/>'));
    store.commit(cib('<b/>'), { who: 'ines', tool: 'crm configure -- x' });
    store.restart();
    expect(store.state.current?.entry).toMatchObject({
      who: 'ines',
      tool: 'crm configure -- x',
      node: 'alpha',
      difference: ['- <a/>', '+ <b/>'],
      alone: { fenced: false, quorum: false, held: 0 },
    });
    expect(store.reports).toEqual([]);
  });

  it('made from another version is refused with what changed since', () => {
    const store = new OneStore('alpha', 0);
    store.commit(cib('<a/>'));
    const first = store.state.current!.entry.digest;
    store.commit(cib('<b/>'), { who: 'ines' });
    const answer = store.commit(cib('<c/>'), { parent: first });
    expect(answer).toMatchObject({
      ok: false,
      problem: {
        code: 'configuration-stale',
        fields: { based: '0.2.0', current: '0.4.0', changes: '0.4.0 by ines with crm on alpha, noon: - <a/> + <b/>' },
      },
    });
    expect(store.document).toContain('<b/>');
  });

  it('that changes nothing makes no version', () => {
    const store = new OneStore('alpha', 0);
    store.commit(cib('<a/>'));
    expect(store.commit(cib('<a/>', ' epoch="77"'))).toMatchObject({ ok: true, value: { version: { epoch: 2 } } });
    expect(store.changes).toHaveLength(1);
  });

  it('with a higher admin_epoch keeps that and its own epoch', () => {
    const store = new OneStore('alpha', 0);
    store.commit(cib('<a/>'));
    store.commit(cib('<a/>', ' admin_epoch="3" epoch="8"'));
    expect(versionText(store.state.current?.entry.version)).toBe('3.8.0');
    store.commit(cib('<b/>', ' admin_epoch="0"'));
    expect(versionText(store.state.current?.entry.version)).toBe('3.10.0');
  });

  it.each([
    ['without a root', 'no cib at all', 'configuration-without-root'],
    ['with a version that is no number', '<cib epoch="-1"/>', 'configuration-without-root'],
    ['that is too large', `<cib>${'x'.repeat(16 * 1024 * 1024)}</cib>`, 'configuration-too-large'],
  ])('%s is refused', (_, document, code) => {
    const store = new OneStore('alpha', 0);
    expect(store.commit(document)).toMatchObject({ ok: false, problem: { code } });
    expect(store.files.size).toBe(0);
  });

  it('keeps the last 64 versions', () => {
    const store = new OneStore('alpha', 0);
    for (let number = 0; number < 70; number++) store.commit(cib(`<a n="${number}"/>`));
    expect(store.files.size).toBe(65);
    store.restart();
    const epochs = [...store.state.shelf.values()].map(({ entry }) => entry.version.epoch);
    expect(Math.min(...epochs)).toBe(14);
    expect(Math.max(...epochs)).toBe(140);
  });
});

describe('a commit on a failing disk', () => {
  it('that could not begin to be written is refused, and its number is free', () => {
    const store = new OneStore('alpha', 0);
    store.commit(cib('<a/>'));
    store.fails = () => diskFull;
    expect(store.commit(cib('<b/>'))).toEqual({ ok: false, problem: diskFull });
    store.fails = () => undefined;
    expect(store.commit(cib('<c/>'))).toMatchObject({ ok: true, value: { version: { epoch: 4 } } });
  });

  it('that may have got its name is taken away again, and its number is never used again', () => {
    const store = new OneStore('alpha', 0);
    store.commit(cib('<a/>'));
    const removed: string[] = [];
    store.fails = (name, what) => {
      if (what === 'remove') removed.push(name);
      return what === 'replace' ? directoryFailed : undefined;
    };
    expect(store.commit(cib('<b/>'))).toEqual({ ok: false, problem: directoryFailed });
    expect(removed).toEqual(['cib-01.xml']);
    store.fails = () => undefined;
    expect(store.commit(cib('<c/>'))).toMatchObject({ ok: true, value: { version: { epoch: 6 } } });
  });

  it('that cannot even be taken away is unknown', () => {
    const store = new OneStore('alpha', 0);
    store.commit(cib('<a/>'));
    store.fails = () => directoryFailed;
    expect(store.commit(cib('<b/>'))).toMatchObject({ ok: false, problem: { code: 'configuration-outcome-unknown' } });
    expect(store.document).toContain('<a/>');
  });

  it('stands when only cib.xml cannot be written, which a restart mends', () => {
    const store = new OneStore('alpha', 0);
    store.commit(cib('<a/>'));
    store.fails = (name) => (name === 'cib.xml' ? diskFull : undefined);
    expect(store.commit(cib('<b/>'))).toMatchObject({ ok: true });
    expect(store.reports).toEqual([diskFull]);
    expect(text(store.files.get('cib.xml'))).toContain('<a/>');
    store.fails = () => undefined;
    store.restart();
    expect(text(store.files.get('cib.xml'))).toContain('<b/>');
  });

  it('that hangs is answered as unknown when its time is over, and once', () => {
    const store = new OneStore('alpha', 0);
    let hung: (() => void) | undefined;
    const write = store.handle.bind(store);
    store.handle = (event) => {
      if (event.type === 'written' && hung === undefined) hung = () => write(event);
      else write(event);
    };
    expect(store.commit(cib('<a/>'))).toBe(undefined);
    store.passTime(31_000_000);
    expect(store.lastAnswer()).toMatchObject({ problem: { code: 'configuration-outcome-unknown' } });
    hung?.();
    expect(store.document).toContain('<a/>');
  });

  it('lets eight others wait and no more', () => {
    const store = new OneStore('alpha', 0);
    store.handle = ((handle) => (event) => {
      if (event.type !== 'written') handle(event);
    })(store.handle.bind(store));
    const answers = Array.from({ length: 10 }, (_, number) => store.commit(cib(`<a n="${number}"/>`)));
    expect(answers.slice(0, 9)).toEqual(Array.from({ length: 9 }, () => undefined));
    expect(answers[9]).toMatchObject({ problem: { code: 'configuration-busy' } });
  });
});

describe('a commit with the peer', () => {
  it('on the coordinator is answered when the peer has it durable', () => {
    const pair = new Pair();
    pair.meet();
    expect(pair.alpha.commit(cib('<a/>'))).toBe(undefined);
    pair.run();
    expect(pair.alpha.lastAnswer()).toMatchObject({ ok: true, value: { where: 'both' } });
    expect(pair.beta.files.get('cib.xml')).toEqual(pair.alpha.files.get('cib.xml'));
  });

  it('on the other node is made by the coordinator, and known on both when it is answered', () => {
    const pair = new Pair();
    pair.meet();
    pair.beta.commit(cib('<a/>'), { who: 'ines' });
    pair.run();
    expect(pair.beta.lastAnswer()).toMatchObject({ ok: true, value: { where: 'both', version: { epoch: 2 } } });
    expect(pair.alpha.state.current?.entry).toMatchObject({ who: 'ines', node: 'beta' });
  });

  it('that both ask for at once is carried out for one and refused for the other', () => {
    const pair = new Pair();
    pair.meet();
    pair.beta.commit(cib('<b/>'));
    pair.alpha.commit(cib('<a/>'));
    pair.run();
    expect(pair.alpha.lastAnswer()).toMatchObject({ ok: true, value: { where: 'both' } });
    expect(pair.beta.lastAnswer()).toMatchObject({ ok: false, problem: { code: 'configuration-stale' } });
    expect(pair.beta.document).toBe(pair.alpha.document);
  });

  it('is here only when the peer goes away, and reaches it when it comes back', () => {
    const pair = new Pair();
    pair.meet();
    pair.alpha.commit(cib('<a/>'));
    pair.part();
    expect(pair.alpha.lastAnswer()).toMatchObject({ value: { where: 'here', notice: { fields: { why: 'gone' } } } });
    pair.meet();
    expect(pair.beta.document).toBe(pair.alpha.document);
  });

  it('is here only when the peer does not confirm in time, and offered until it does', () => {
    const pair = new Pair();
    pair.meet();
    pair.alpha.commit(cib('<a/>'));
    pair.lose();
    pair.alpha.passTime(6_000_000);
    expect(pair.alpha.lastAnswer()).toMatchObject({ value: { where: 'here', notice: { fields: { why: 'slow' } } } });
    pair.run();
    expect(pair.beta.document).toBe(pair.alpha.document);
  });

  it('is here only when the peer cannot write it, which is reported once', () => {
    const pair = new Pair();
    pair.meet();
    pair.beta.fails = () => diskFull;
    pair.alpha.commit(cib('<a/>'));
    pair.run();
    expect(pair.alpha.lastAnswer()).toMatchObject({
      value: { where: 'here', notice: { fields: { why: 'refused', detail: 'disk-full x' } } },
    });
    for (let time = 0; time < 5; time++) {
      pair.alpha.passTime(10_000_000);
      pair.run();
    }
    expect(pair.alpha.reports.map(({ code }) => code)).toEqual(['configuration-peer-refuses']);
    pair.beta.fails = () => undefined;
    pair.alpha.passTime(10_000_000);
    pair.run();
    expect(pair.beta.document).toBe(pair.alpha.document);
  });

  it('whose answer is lost is carried out once, whatever comes twice', () => {
    const pair = new Pair();
    pair.meet();
    pair.alpha.fails = () => diskFull;
    pair.beta.commit(cib('<b/>'));
    const request = pair.beta.sent.find((message) => message.kind === 'offer')!;
    pair.run();
    expect(pair.beta.lastAnswer()).toMatchObject({ ok: false, problem: { code: 'disk-full' } });
    pair.alpha.fails = () => undefined;
    pair.alpha.handle({ type: 'message', message: request });
    pair.run();
    expect(pair.alpha.state.current).toBe(undefined);
  });

  it('of a proposer whose coordinator goes away is unknown', () => {
    const pair = new Pair();
    pair.meet();
    pair.beta.commit(cib('<b/>'));
    pair.part();
    expect(pair.beta.lastAnswer()).toMatchObject({ problem: { code: 'configuration-outcome-unknown' } });
  });

  it('of several parts arrives whole, though parts are lost', () => {
    const pair = new Pair();
    pair.meet();
    const large = cib(Array.from({ length: 9000 }, (_, number) => `<a n="${number}" id="a-${number}-x"/>`).join('\n'));
    const { deliver } = pair.alpha;
    let parts = 0;
    pair.alpha.deliver = (message) => {
      if (message.kind !== 'part' || ++parts % 3 !== 0) deliver(message);
    };
    pair.alpha.commit(large);
    for (let time = 0; time < 60 && pair.alpha.lastAnswer() === undefined; time++) {
      pair.run();
      pair.beta.passTime(50_000);
      pair.alpha.passTime(50_000);
    }
    expect(pair.alpha.lastAnswer()).toMatchObject({ value: { where: 'both' } });
    expect(pair.beta.document).toBe(pair.alpha.document);
    expect(parts).toBeGreaterThan(6);
  });
});

function text(bytes: Uint8Array | undefined): string {
  return new TextDecoder().decode(bytes);
}
