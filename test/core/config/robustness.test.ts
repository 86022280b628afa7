/** Whatever the files hold, the parsers answer with findings: they never throw, never loop, never tell a key. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { directiveNames } from '../../../src/core/config/directives.ts';
import { maxFindings } from '../../../src/core/config/findings.ts';
import { parseConfiguration } from '../../../src/core/config/parse-configuration.ts';
import { renderFinding } from '../../../src/core/config/render-finding.ts';
import { parse, testHost } from './parsing.ts';

const anyText = fc.string({ unit: 'binary', maxLength: 400 });
/** Text that gets past the lexer: real directive names with words of the right and of the wrong kind. */
const word = fc.oneof(
  fc.constantFrom(...directiveNames('ha.cf'), ...directiveNames('pairbeat.conf'), 'auth', 'node1', 'node2', 'eth0'),
  fc.constantFrom(
    'on',
    'legacy',
    '1',
    '2',
    '100ms',
    '0.5',
    '192.168.1.8',
    '225.0.0.1',
    'sha1',
    'uid=root',
    '/bin/true',
  ),
  fc.constantFrom('#', '\\', ',', '\t', '\r', 'OCF::a::b', '10.0.0.1/24', '::', '=', '*', '99999999999999999999'),
  fc.string({ maxLength: 8 }),
);
const likelyText = fc
  .array(
    fc.array(word, { maxLength: 7 }).map((words) => words.join(' ')),
    { maxLength: 12 },
  )
  .map((lines) => lines.join('\n'));
const text = fc.oneof(anyText, likelyText);

describe('parsers on arbitrary text', () => {
  test('every text of the four files is answered, with places inside the text', () => {
    fc.assert(
      fc.property(text, text, text, text, (haCf, haresources, authkeys, pairbeatConf) => {
        const parsed = parseConfiguration({ haCf, haresources, authkeys, pairbeatConf }, testHost);
        expect(parsed.findings.length).toBeLessThanOrEqual(maxFindings + 1);
        for (const finding of parsed.findings) {
          expect(finding.column).toBeLessThanOrEqual(finding.source.length + 2);
          expect(finding.length).toBeGreaterThanOrEqual(finding.line > 0 ? 1 : 0);
          expect(renderFinding(finding)).not.toContain('undefined');
        }
        const failed = parsed.findings.some((finding) => finding.severity === 'error');
        expect(parsed.configuration === undefined).toBe(failed);
      }),
      { numRuns: 400 },
    );
  });

  test('findings and digest are the same each time', () => {
    fc.assert(
      fc.property(likelyText, likelyText, (haCf, haresources) => {
        expect(parse({ haCf, haresources })).toEqual(parse({ haCf, haresources }));
      }),
      { numRuns: 100 },
    );
  });

  test('a long line in any file is answered at once', () => {
    const long = 'a '.repeat(400_000);
    for (const name of ['haCf', 'haresources', 'authkeys', 'pairbeatConf'] as const) {
      expect(parse({ [name]: long }).findings.map((finding) => finding.code)).toContain('line-too-long');
    }
  });

  test('the findings of a file with a thousand errors end', () => {
    const { findings } = parse({ haCf: 'nonsense\n'.repeat(1000) });
    expect(findings.length).toBe(maxFindings + 1);
    expect(findings.map((finding) => finding.code)).toContain('too-many-findings');
  });

  test('no finding shows a key, wherever it stands in authkeys', () => {
    const key = 'Zq7rT0pXw9LmB3vK';
    const damage = fc.array(
      fc.constantFrom('auth', '1', '2', 'sha1', 'sh1', 'crc', '#', '16', '-1', key, `1${key}`, `${key}#`),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(fc.array(damage, { maxLength: 5 }), (lines) => {
        const authkeys = lines.map((words) => words.join(' ')).join('\n');
        const { findings } = parse({ authkeys });
        expect(findings.map((finding) => renderFinding(finding) + JSON.stringify(finding)).join('\n')).not.toContain(
          key,
        );
      }),
      { numRuns: 500 },
    );
  });
});
