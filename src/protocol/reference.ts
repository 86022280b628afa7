/** docs/reference/problems.md and the tables of exit-codes.md, written from the same data that the commands use. */
import { catalogue } from './catalogue.ts';
import { exitCodeOf, exitCodes } from './exit-codes.ts';

export function problemsReference(): string {
  const parts = [
    '# Problems by code',
    '',
    'Everything that Pairbeat reports, in its log, on the terminal and in JSON (`problem.code`). Codes are stable: a',
    'code keeps its meaning, and texts may become better. Words in braces are filled in; what stands in square brackets',
    'is left out where it is not known. This file is written from `src/protocol/catalogue`.',
    '',
  ];
  for (const [area, words] of Object.entries(catalogue)) {
    parts.push(`## ${area}`, '');
    for (const [code, { what, meaning, advice }] of Object.entries(words).sort(byCode)) {
      parts.push(`### ${code}`, '', escaped(what), '');
      if (meaning) parts.push(escaped(meaning), '');
      if (advice) parts.push(`What to do: ${escaped(advice)}`, '');
    }
  }
  return parts.join('\n');
}

/** Problem codes that `pairbeat` exits with anything but 1 for. */
export function exitCodeTable(): string {
  const codes = Object.values(catalogue).flatMap((words) => Object.keys(words));
  const rows = Object.entries(exitCodes).map(([name, code]) => {
    const problems = codes.filter(
      (problem) => code !== exitCodes.error && exitCodeOf({ code: problem, fields: {} }) === code,
    );
    return `| ${code} | ${name.replaceAll('-', ' ')} | ${problems
      .sort()
      .map((problem) => `\`${problem}\``)
      .join(', ')} |`;
  });
  return ['| code | name | problems |', '|---|---|---|', ...rows, ''].join('\n');
}

function byCode([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Placeholders must not be read as markup. */
function escaped(text: string): string {
  return text.replace(/[<>*_|]/g, (character) => `\\${character}`);
}
