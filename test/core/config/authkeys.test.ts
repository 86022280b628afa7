import { describe, expect, test } from 'vitest';
import type { AuthkeysFile } from '../../../src/core/config/host-facts.ts';
import { parse, spots } from './parsing.ts';

const good = '0123456789abcdef0123456789abcdef';
const authentication = (authkeys: string) => parse({ authkeys }).configuration?.authentication;

describe('authkeys', () => {
  test('auth names the sending key; every listed key is accepted', () => {
    expect(authentication(`auth 2\n1 sha256 ${good}\n2 sha512 ${good}x\n`)).toEqual({
      sendIndex: 2,
      keys: [
        { index: 1, method: 'sha256', secret: good },
        { index: 2, method: 'sha512', secret: `${good}x` },
      ],
      weaknesses: [],
    });
  });

  test.each(['aes256gcm', 'chacha20poly1305'])('%s seals; Heartbeat would refuse the file', (method) => {
    const authkeys = `auth 1\n1 ${method} ${good}\n`;
    expect(authentication(authkeys)).toMatchObject({ keys: [{ index: 1, method, secret: good }], weaknesses: [] });
    const codes = parse({ authkeys }).findings.map(({ code }) => code);
    expect(codes).toContain('authkeys-unknown-to-heartbeat');
    expect(authentication('auth 1\n1 aes256gcm short\n')?.weaknesses[0]).toMatch(/shorter than 16/);
  });

  test('a key is one word, with # and quotes in it', () => {
    expect(authentication('auth 1\n1 sha1 a#"b\n')?.keys[0]?.secret).toBe('a#"b');
  });

  test('a changed sending key below its key line is taken, and said', () => {
    const authkeys = `auth 1\n1 sha256 ${good}\n2 sha256 ${good}x\nauth 2\n`;
    expect(authentication(authkeys)?.sendIndex).toBe(2);
    expect(spots(parse({ authkeys }))).toContain('authkeys:4:1 authkeys-auth-late');
  });

  test.each([
    ['auth 1\n1 crc\n', /crc/],
    [`auth 1\n1 md5 ${good}\n`, /md5/],
    [`auth 1\n1 sha1 ${good}\n`, /sha1/],
    ['auth 1\n1 sha256 short\n', /shorter than 16/],
    ['auth 1\n1 sha256 replace-this-with-a-key-from-pairbeat-keygen\n', /example/],
  ])('%j is accepted and named weak', (authkeys, reason) => {
    const weaknesses = authentication(authkeys)?.weaknesses ?? [];
    expect(weaknesses).toHaveLength(1);
    expect(weaknesses[0]).toMatch(reason);
  });

  const file: AuthkeysFile = { kind: 'regular', mode: 0o100600, ownerId: 0, runningId: 0, size: 60 };
  test.each<[string, Partial<AuthkeysFile>, string[]]>([
    ['600 root', {}, []],
    ['400 root', { mode: 0o100400 }, []],
    ['644', { mode: 0o100644 }, ['authkeys-mode']],
    ['640', { mode: 0o100640 }, ['authkeys-mode']],
    ['622', { mode: 0o100622 }, ['authkeys-mode-writable']],
    ['610', { mode: 0o100610 }, ['authkeys-mode-writable']],
    ['of another user', { ownerId: 33 }, ['authkeys-owner']],
    ['of the user who runs this', { ownerId: 33, runningId: 33 }, []],
    ['of another user, run by a user', { ownerId: 34, runningId: 33 }, ['authkeys-owner']],
    ['a symbolic link', { kind: 'symlink' }, ['authkeys-not-regular']],
    ['too large', { size: 4097 }, ['file-too-large']],
  ])('a key file %s', (_what, change, codes) => {
    const parsed = parse({}, { authkeysFile: { ...file, ...change } });
    expect(spots(parsed).map((spot) => spot.split(' ')[1])).toEqual(codes);
    expect(parsed.configuration === undefined).toBe(codes.length > 0);
  });
});
