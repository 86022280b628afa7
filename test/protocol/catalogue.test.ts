import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, describe as group, it } from 'vitest';
import { catalogue, describe, describeLine, wordsOf } from '../../src/protocol/catalogue.ts';
import { exitCodeTable, problemsReference } from '../../src/protocol/reference.ts';
import { expectGolden } from '../golden.ts';

const root = join(import.meta.dirname, '../..');

interface Source {
  readonly path: string;
  readonly text: string;
}

function sourcesBelow(folder: string): Source[] {
  return (
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name))
      // Findings of the configuration have words of their own, beside the parsers.
      .filter((path) => !path.startsWith('src/core/config/') && !path.startsWith('src/protocol/catalogue'))
      .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
  );
}

const sources = [...sourcesBelow('src'), ...sourcesBelow('resource-agents')];

/** `failure('code', ...)` and `{ code: 'code' ... }`, also behind a condition. */
function codesIn({ text }: Source): string[] {
  const direct = [
    ...text.matchAll(/\bfailure\(\s*'([a-z][a-z0-9-]*)'/g),
    ...text.matchAll(/\bcode: '([a-z][a-z0-9-]*)'/g),
  ];
  const conditional = [...text.matchAll(/\bcode: [^{},\n]*\? '([a-z][a-z0-9-]*)' : '([a-z][a-z0-9-]*)'/g)];
  return [
    ...direct.map((match) => match[1] ?? ''),
    ...conditional.flatMap((match) => [match[1] ?? '', match[2] ?? '']),
  ];
}

/**
 * Words with hyphens that are no problem codes: names of counters, outcomes, formats and the like. Any other such
 * literal in the core, io or the daemon is taken for a code, however it gets into a `Problem`, and needs words.
 */
const otherHyphenatedWords = new Set(
  `
    acknowledge-split
    aes-256-gcm
    chacha20-poly1305
    changed-packet-accepted
    generation-waiting
    given-up
    ha-cluster
    hbapi-clstat
    ip-request
    ip-request-resp
    lha-snmpagent
    longest-silence
    lost-track
    meta-data
    missing-segment
    netstring-with-auth
    not-a-message-of-the-node
    not-running
    not-sent
    not-started
    pairbeat-identity
    post-start
    post-stop
    pre-start
    pre-stop
    query-cstatus
    rate-limited
    respond-cstatus
    retransmit-requests
    right-key-rejected
    stale-generation
    stale-incarnation
    start-failed
    stop-failed
    two-keepalives
    utf-8
    validate-all
    warm-up
    while-paused
    wrong-key-accepted
    wrong-result
  `
    .trim()
    .split(/\s+/),
);

function hyphenatedIn({ text }: Source): string[] {
  const code = text.replace(/^import .*$/gm, '');
  return [...code.matchAll(/'([a-z]+(?:-[a-z0-9]+)+)'/g)].map((match) => match[1] ?? '');
}

group('the catalogue', () => {
  it('sees the sources it is meant to watch', () => {
    const all = sources.flatMap(codesIn);
    expect(all).toContain('group-stop-failed');
    expect(all).toContain('device-missing');
    expect(sources.flatMap(hyphenatedIn)).toContain('peer-returned');
    expect(all.length).toBeGreaterThan(100);
  });

  it('has words for every code in the sources', () => {
    const without = sources.flatMap((source) =>
      codesIn(source)
        .filter((code) => wordsOf(code) === undefined)
        .map((code) => `${source.path}: ${code}`),
    );
    expect(without).toEqual([]);
  });

  it('has words for everything else in core, io and daemon that looks like a code', () => {
    // Configuration and policy speak Pacemaker's words (no-quorum-policy, on-fail): there a code is what stands after `code:`.
    const watched = sources.filter(({ path }) =>
      /^(src\/(core(?!\/(cib|policy)\/)|io|daemon|client)|resource-agents)\//.test(path),
    );
    const without = watched.flatMap((source) =>
      hyphenatedIn(source)
        .filter((word) => wordsOf(word) === undefined && !otherHyphenatedWords.has(word))
        .map((word) => `${source.path}: ${word}`),
    );
    expect(without).toEqual([]);
  });

  it('asks only for fields that the code that reports the problem gives', () => {
    const missing = sources.flatMap(({ path, text }) =>
      [
        ...text.matchAll(/(?:\bfailure\(\s*'([a-z-]+)',|\bcode: '([a-z-]+)',\s*fields:)\s*\{([^{}.]|\.(?!\.\.))*\}/g),
      ].flatMap((match) => {
        const code = match[1] ?? match[2] ?? '';
        const literal = match[0].slice(match[0].indexOf('{') + 1, -1);
        const given = [...literal.matchAll(/(?:^|,)\s*(\w+)\s*(?=:|,|$)/g)].map((name) => name[1]);
        return neededBy(code)
          .filter((name) => !given.includes(name))
          .map((name) => `${path}: ${code} without ${name}`);
      }),
    );
    expect(missing).toEqual([]);
  });

  it('has each code once, in whole sentences', () => {
    const codes = Object.values(catalogue).flatMap((words) => Object.keys(words));
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
    const broken = Object.values(catalogue).flatMap((words) =>
      Object.entries(words)
        .filter(
          ([, { what, meaning = '', advice = '' }]) =>
            [what, meaning, advice].some((text) => text !== '' && !/(?:[.?!)]|^\[?\{\w+\}\]?)$/.test(text)) ||
            unbalanced(what + meaning + advice),
        )
        .map(([code]) => code),
    );
    // A chmod command is shown as it is to be typed.
    expect(broken).toEqual(['agent-file-unsafe']);
  });

  it('is what docs/reference/problems.md says', () => {
    expectGolden(join(root, 'docs/reference/problems.md'), problemsReference());
  });

  it('gives the table of docs/reference/exit-codes.md', () => {
    const page = readFileSync(join(root, 'docs/reference/exit-codes.md'), 'utf8');
    expect(page).toContain(exitCodeTable());
  });
});

/** Placeholders outside square brackets: those in brackets may be missing. */
function neededBy(code: string): string[] {
  const { what = '', meaning = '', advice = '' } = wordsOf(code) ?? {};
  const certain = `${what} ${meaning} ${advice}`.replace(/\[[^[\]]*\]/g, '');
  return [...certain.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
}

function unbalanced(text: string): boolean {
  const rest = text.replace(/\[[^[\]]*\]/g, '').replace(/\{\w+\}/g, '');
  return /[[\]{}]/.test(rest);
}

group('a description', () => {
  it('fills fields in, and leaves out what is not known', () => {
    const full = describe({ code: 'group-start-failed', fields: { group: 'web', reason: 'no license' } });
    expect(full.what).toBe('web could not be started: no license.');
    expect(full.advice).toContain('"pairbeat cleanup web"');
    expect(describe({ code: 'group-start-failed', fields: { group: 'web', reason: '' } }).what).toBe(
      'web could not be started.',
    );
  });

  it('says so where a field that it needs is missing', () => {
    expect(describe({ code: 'peer-silent', fields: {} }).what).toContain('(peer not given)');
  });

  it('shows an unknown code with its fields', () => {
    expect(describe({ code: 'flux-capacitor-empty', fields: { level: 0 } })).toEqual({
      what: 'flux capacitor empty (level=0).',
      meaning: 'This version has no words for that code.',
      advice: 'Look for flux-capacitor-empty in docs/reference/problems.md of the version that the daemon runs.',
    });
    expect(describe({ code: 'constructor', fields: {} }).what).toBe('constructor.');
  });

  it('lets nobody write to the terminal, and nobody fill the screen', () => {
    const line = describeLine({
      code: 'operation-failed',
      fields: {
        group: 'g',
        resource: 'r',
        action: 'stop',
        outcome: 'failed',
        exitCode: 1,
        reason: `\u001b[2J\n\u202e${'x'.repeat(10_000)}`,
      },
    });
    expect(line).not.toMatch(/[\u0000-\u001f\u202e]/);
    expect(line.length).toBeLessThan(600);
  });

  it('does not take a field for a template', () => {
    expect(describe({ code: 'no-such-group', fields: { group: '{who} [x]' } }).what).toBe(
      'There is no group {who} [x].',
    );
  });
});
