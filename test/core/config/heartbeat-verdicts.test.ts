/**
 * heartbeat-verdicts.json holds what a real Heartbeat 3.0.6 (Debian 1:3.0.6-13) answered to `heartbeat -v` for each
 * text, asked in a namespace that looks like the machine of parsing.ts; beside it our own verdict. `ha.cf+` are lines
 * added to a valid ha.cf, `<<x*6000>>` stands for six thousand x. `depends`: the answer depends on plugins and
 * programs that may or may not be installed.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { judgeAsHeartbeat } from '../../../src/core/config/as-heartbeat.ts';
import { findingText } from '../../../src/core/config/finding-texts.ts';
import type { ParsedConfiguration } from '../../../src/core/config/parse-configuration.ts';
import { parseConfiguration } from '../../../src/core/config/parse-configuration.ts';
import { baseHaCf, baseTexts, testHost } from './parsing.ts';

type Verdict = 'accepts' | 'refuses' | 'depends';
type Row = [
  file: 'ha.cf+' | 'ha.cf' | 'authkeys' | 'haresources',
  text: string | null,
  mode: string,
  heartbeat: Verdict,
  ours: Verdict,
];

const rows: Row[] = JSON.parse(readFileSync(new URL('./heartbeat-verdicts.json', import.meta.url), 'utf8'));

describe('verdicts of Heartbeat 3.0.6', () => {
  test('there are several hundred of them, of every kind', () => {
    expect(rows.length).toBeGreaterThan(400);
    for (const file of ['ha.cf+', 'ha.cf', 'authkeys', 'haresources']) {
      const verdicts = rows.filter((row) => row[0] === file).map((row) => row[3]);
      expect(verdicts).toContain('accepts');
      expect(verdicts).toContain('refuses');
    }
  });

  test.each(rows)('%s %j mode %s: Heartbeat %s, we %s', (file, text, mode, heartbeat, ours) => {
    const parsed = parseRow(file, text, mode);
    const codes = parsed.findings.map((finding) => finding.code).join(' ');
    expect(parsed.configuration === undefined ? 'refuses' : 'accepts', codes).toBe(ours);
    if (heartbeat !== 'depends') {
      expect(judgeAsHeartbeat(parsed.findings).loads ? 'accepts' : 'refuses', codes).toBe(heartbeat);
    }
  });

  test('every difference is a known one: words that it lacks, or a mistake that it does not see, with the reason', () => {
    for (const [file, text, mode, heartbeat, ours] of rows) {
      if (heartbeat === 'depends' || heartbeat === ours) continue;
      const findings = parseRow(file, text, mode).findings;
      const codes = findings.map((finding) => finding.code);
      if (ours === 'accepts') {
        expect(
          codes.some((code) => code.endsWith('-unknown-to-heartbeat')),
          `${text}`,
        ).toBe(true);
        continue;
      }
      const reasons = findings.filter(({ severity }) => severity === 'error').map(({ code }) => findingText(code));
      expect(reasons.length, `${text}`).toBeGreaterThan(0);
      for (const reason of reasons) expect(['accepts', 'warns', 'misreads'], `${text}`).toContain(reason.heartbeat);
    }
  });
});

function parseRow(file: Row[0], text: string | null, mode: string): ParsedConfiguration {
  const expanded = text?.replace(/<<(.+?)\*(\d+)>>/g, (_whole, part: string, count: string) =>
    part.repeat(Number(count)),
  );
  const authkeys = file === 'authkeys' ? expanded : baseTexts.authkeys!;
  const haresources = file === 'haresources' ? expanded : baseTexts.haresources!;
  const haCf = file === 'ha.cf+' ? baseHaCf + expanded : file === 'ha.cf' ? expanded : baseHaCf;
  const sha1 = authkeys === baseTexts.authkeys ? 'auth 1\n1 sha1 secretsecretsecret\n' : authkeys;
  return parseConfiguration(
    {
      ...(haCf === undefined ? {} : { haCf }),
      ...(sha1 === undefined ? {} : { authkeys: sha1 }),
      ...(haresources === undefined ? {} : { haresources }),
    },
    {
      ...testHost,
      ...(typeof sha1 === 'string'
        ? {
            authkeysFile: {
              kind: 'regular',
              mode: Number.parseInt(mode, 8),
              ownerId: 0,
              runningId: 0,
              size: sha1.length,
            },
          }
        : {}),
    },
  );
}
