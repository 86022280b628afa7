/** authkeys as text: what is changed is what was meant, and Heartbeat's own rules for the file hold afterwards. */
import { describe, expect, it } from 'vitest';
import { createReporter } from '../../../src/core/config/findings.ts';
import { parseAuthkeys } from '../../../src/core/config/parse-authkeys.ts';
import { exchangeIn, signingWith, withKey, withoutKey } from '../../../src/tools/keys/authkeys-text.ts';

const exchange = { next: 2, old: 1 };
const parsed = (text: string) => {
  const authentication = parseAuthkeys(text, createReporter());
  return (
    authentication &&
    `${authentication.sendIndex}: ${authentication.keys.map(({ index, method, secret }) => `${index} ${method} ${secret}`).join(', ')}`
  );
};

const files = {
  'as keygen writes it': '# Keys of this pair\nauth 1\n1 sha1 first\n',
  'without a last newline': 'auth 1\n1 sha1 first',
  'with blanks and odd spellings': '\n  auth   1\n   1   sha1   first  \n\n',
  'with two auth lines': 'auth 1\n# and again\nauth 1\n1 sha1 first\n',
};

describe.each(Object.entries(files))('a file %s', (_name, text) => {
  it('goes through an exchange', () => {
    const added = withKey(text, exchange, 'sha256', 'second');
    expect(parsed(added)).toBe('1: 1 sha1 first, 2 sha256 second');
    const signing = signingWith(added, exchange);
    expect(parsed(signing)).toBe('2: 1 sha1 first, 2 sha256 second');
    const done = withoutKey(signing, exchange);
    expect(parsed(done)).toBe('2: 2 sha256 second');
    for (const step of [added, signing, done]) expect(exchangeIn(step)).toEqual(exchange);
    // And through the next one, with the number that has become free.
    const again = withKey(done, { next: 1, old: 2 }, 'aes256gcm', 'third');
    expect(parsed(again)).toBe('2: 1 aes256gcm third, 2 sha256 second');
    expect(exchangeIn(again)).toEqual({ next: 1, old: 2 });
    expect(again.match(/rotate-key: key/g)).toHaveLength(1);
    expect(parsed(signingWith(again, { next: 1, old: 2 }))).toMatch(/^1: /);
  });
});

it('comments and other keys stay', () => {
  const text = '# ours\nauth 1\n1 sha1 first\n# of last year\n7 md5 seventh\n';
  const done = withoutKey(signingWith(withKey(text, exchange, 'sha256', 'second'), exchange), exchange);
  expect(parsed(done)).toBe('2: 2 sha256 second, 7 md5 seventh');
  for (const line of ['# ours', '# of last year']) expect(done.split('\n')).toContain(line);
});

it('a file that says nothing of an exchange has none', () => {
  expect(exchangeIn('# rotate-key is a command\nauth 1\n1 sha1 x\n')).toEqual({});
});
