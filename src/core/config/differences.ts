/**
 * Where our verdict on a file is not that of Heartbeat 3.0.6, read off the table of findings: what we refuse although it
 * starts, and what we accept although it does not. docs/reference/differences.md is made from this.
 */
import { type FindingCode, findingCodes, findingText } from './finding-texts.ts';

/** Each of these makes the two verdicts differ where it stands alone. */
export function differingCodes(): readonly string[] {
  return [...weRefuse(), ...weAccept()];
}

export function differencesReference(): string {
  const rows = (codes: readonly FindingCode[]): string[] => codes.map((code) => `| \`${code}\` | ${sentence(code)} |`);
  return [
    '# Where our verdict on a file is not that of Heartbeat 3.0.6',
    '',
    'Every other file that 3.0.6 starts with, Pairbeat starts with, and every other one that it refuses, Pairbeat refuses.',
    '`npm run test:verdicts` holds both against each other, on recorded files and on files made at random.',
    '`pairbeat check --as-heartbeat` says for your own files whether 3.0.6 would still load them. The words of each finding are',
    'in [findings.md](findings.md). This page is made from the table of findings.',
    '',
    '## We refuse, 3.0.6 starts',
    '',
    'It starts and then does something else than the file says, or nothing; or the file is unsafe.',
    '',
    '| finding | what 3.0.6 does |',
    '|---|---|',
    ...rows(weRefuse()),
    '',
    '## We accept, 3.0.6 does not start',
    '',
    '| finding | what 3.0.6 does |',
    '|---|---|',
    ...rows(weAccept()),
    '',
  ].join('\n');
}

const all = (wanted: (code: FindingCode) => boolean): readonly FindingCode[] => findingCodes.filter(wanted);

const weRefuse = (): readonly FindingCode[] =>
  all((code) => {
    const { severity, heartbeat } = findingText(code);
    return severity === 'error' && heartbeat !== 'refuses' && heartbeat !== 'ignores';
  });

const weAccept = (): readonly FindingCode[] =>
  all((code) => {
    const { severity, heartbeat } = findingText(code);
    return severity !== 'error' && heartbeat === 'refuses';
  });

const words: Readonly<Record<string, string>> = {
  refuses: 'does not start',
  accepts: 'starts and says nothing',
  warns: 'starts and warns',
  misreads: 'starts and does something else than the text says',
  ignores: 'never looks at it',
};

const sentence = (code: FindingCode): string => words[findingText(code).heartbeat] ?? '';
