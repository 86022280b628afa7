import { describe, expect, it } from 'vitest';
import { failure, type Result, success } from '../../src/core/result.ts';
import { NewestWrites } from '../../src/daemon/newest-write.ts';

interface Begun {
  readonly name: string;
  readonly text: string;
  readonly done: (result: Result<void>) => void;
}

function disk() {
  const begun: Begun[] = [];
  const told: string[] = [];
  const writes = new NewestWrites((name, bytes, done) => {
    begun.push({ name, text: new TextDecoder().decode(bytes), done });
  });
  const write = (name: string, text: string): void =>
    writes.write(name, new TextEncoder().encode(text), ({ ok }) => told.push(`${text} ${ok ? 'ok' : 'failed'}`));
  return { begun, told, write };
}

describe('writes to a disk that does not keep up', () => {
  it('of one file: one is under way and only the newest waits, however many there were', () => {
    const { begun, told, write } = disk();
    for (const text of ['a', 'b', 'c', 'd']) write('split.json', text);
    expect(begun.map(({ text }) => text)).toEqual(['a']);
    begun[0]!.done(success(undefined));
    expect(begun.map(({ text }) => text)).toEqual(['a', 'd']);
    expect(told).toEqual(['a ok']);
    begun[1]!.done(failure('disk-full'));
    expect(told).toEqual(['a ok', 'b failed', 'c failed', 'd failed']);
    write('split.json', 'e');
    expect(begun.map(({ text }) => text)).toEqual(['a', 'd', 'e']);
  });

  it('of different files do not wait for each other here', () => {
    const { begun, write } = disk();
    write('split.json', 'a');
    write('peers.json', 'b');
    expect(begun.map(({ name }) => name)).toEqual(['split.json', 'peers.json']);
  });

  it('may be asked for again by the one who is told', () => {
    const begun: Begun[] = [];
    const writes: NewestWrites = new NewestWrites((name, bytes, done) => {
      begun.push({ name, text: new TextDecoder().decode(bytes), done });
    });
    const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
    writes.write('split.json', bytes('a'), () => writes.write('split.json', bytes('again'), () => {}));
    begun[0]!.done(failure('disk-full'));
    expect(begun.map(({ text }) => text)).toEqual(['a', 'again']);
  });
});
