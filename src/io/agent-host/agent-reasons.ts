/** Why an agent could not be called, in words: goes to log and status as the reason of the operation. */
import type { Problem } from '../../core/result.ts';

type Fields = Problem['fields'];

const reasons: Readonly<Record<string, (fields: Fields) => string>> = {
  'agent-name-invalid': ({ name }) => `"${name}" cannot be the name of a script.`,
  'agent-missing': ({ places }) => `There is no script for it. Put an executable file at one of: ${places}.`,
  'agent-unit-invalid': ({ resource }) =>
    `"${resource}" names no unit: the form is systemd::NAME, with the name of one unit of systemd.`,
  'agent-file-unsafe': ({ file }) =>
    `${file} would run as root and can be changed by others, so it is not run. chown root:root ${file} && chmod go-w ${file}`,
  'ocf-parameter-invalid': ({ file, line, text }) => `${file}, line ${line}: "${text}" is not name=value.`,
  'ocf-parameters-unreadable': ({ file, reason }) => `${file} cannot be read: ${reason}.`,
  'ocf-parameters-too-long': ({ file, limit }) => `${file}: more than ${limit} bytes of parameters.`,
};

export function whyNotCallable(problem: Problem): string {
  return reasons[problem.code]?.(problem.fields) ?? problem.code;
}
