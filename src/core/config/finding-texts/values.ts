/** Findings about the form of a file and of single values, common to ha.cf and pairbeat.conf. */
import type { FindingText } from '../finding-texts.ts';

export const valueTexts = {
  'too-many-findings': {
    severity: 'error',
    heartbeat: 'refuses',
    problem: ({ limit }) => `more than ${limit} findings; the rest is not shown`,
    advice: () => 'Is this the right file? Correct the first ones and check again.',
  },
  'file-missing': {
    severity: 'error',
    heartbeat: 'refuses',
    problem: ({ path }) => `${path} does not exist`,
    advice: ({ file }) =>
      file === 'authkeys'
        ? 'Create it with `pairbeat keygen --write` and copy it to the other node.'
        : 'Create it (an example comes with Pairbeat in ha.d/), or name the directory with --ha-dir.',
  },
  'file-unreadable': {
    severity: 'error',
    heartbeat: 'refuses',
    problem: ({ path, reason }) => `${path} cannot be read: ${reason}`,
    advice: ({ reason }) =>
      String(reason).includes('not a directory')
        ? 'Name the directory that holds the files, not a file.'
        : 'Run as root, or correct the owner and mode of the file.',
  },
  'file-too-large': {
    severity: 'error',
    heartbeat: 'accepts',
    problem: ({ size, limit }) => `the file has ${size} bytes; at most ${limit} are read`,
    advice: () => 'A file of that size is hardly the configuration. Look at what is in it.',
  },
  'line-too-long': {
    severity: 'error',
    heartbeat: 'refuses',
    problem: ({ length, limit }) => `the line has ${length} characters; at most ${limit} are read`,
    advice: () => 'Split it. Long comments count as well: Heartbeat takes their rest for a directive.',
  },
  'control-character': {
    severity: 'error',
    heartbeat: 'misreads',
    problem: ({ code }) =>
      `there is a character here that no text has (code ${code}): the file is damaged or in another encoding`,
    advice: () => 'Retype the line and save the file as plain UTF-8 text.',
  },
  'value-missing': {
    severity: 'warning',
    heartbeat: 'accepts',
    problem: ({ directive }) => `${directive} stands alone, without a value: the line has no effect`,
    advice: ({ usage, directive }) => `Write \`${directive} ${usage}\`, or remove the line.`,
  },
  'value-time': {
    severity: 'error',
    heartbeat: 'refuses',
    problem: ({ directive, value }) => `"${value}" is not a time that ${directive} can take`,
    advice: ({ suggestion }) =>
      `Times are seconds without a unit (2, 0.5), or end in ms or us, without a blank before it (500ms).${suggestion ? ` Did you mean ${suggestion}?` : ''}`,
  },
  'value-time-zero': {
    severity: 'error',
    heartbeat: 'refuses',
    problem: ({ directive, value }) => `${directive} ${value} is no time at all: it rounds to 0 ms`,
    advice: () => 'The smallest time is 1ms.',
  },
  'value-time-long': {
    severity: 'error',
    heartbeat: 'accepts',
    problem: ({ directive, value }) => `${directive} ${value} is longer than 24 days`,
    advice: () => 'A number without a unit means seconds.',
  },
  'value-boolean': {
    severity: 'error',
    heartbeat: 'refuses',
    problem: ({ directive, value }) => `"${value}" is neither yes nor no for ${directive}`,
    advice: ({ nearest }) =>
      `Write on or off (yes, no, true, false, y, n, 1, 0 are understood too).${nearest ? ` Did you mean ${nearest}?` : ''}`,
  },
  'value-integer': {
    severity: 'error',
    heartbeat: 'refuses',
    problem: ({ directive, value, minimum, maximum }) =>
      `${directive} must be a whole number from ${minimum} to ${maximum}, not "${value}"`,
  },
  'value-port': {
    severity: 'error',
    heartbeat: 'misreads',
    problem: ({ value }) => `${value} is no port: ports end at 65535`,
    advice: () => 'Heartbeat takes such a number and uses another port than the one written.',
  },
  'value-choice': {
    severity: 'error',
    heartbeat: 'refuses',
    problem: ({ directive, value }) => `${directive} does not know "${value}"`,
    advice: ({ choices, nearest }) => `It knows: ${choices}.${nearest ? ` Did you mean ${nearest}?` : ''}`,
  },
  'value-odd': {
    severity: 'warning',
    heartbeat: 'accepts',
    problem: ({ directive, value, readAs }) => `${directive} "${value}" is read as ${readAs}, as Heartbeat does`,
    advice: ({ directive, readAs }) => `Write \`${directive} ${readAs}\`, so that nobody has to know this.`,
  },
  'values-several': {
    severity: 'warning',
    heartbeat: 'accepts',
    problem: ({ directive, value }) => `${directive} takes one value; of several the last one holds (${value})`,
    advice: () => 'Blanks and commas separate values. Remove the others.',
  },
  'directive-again': {
    severity: 'warning',
    heartbeat: 'accepts',
    problem: ({ directive, line, value }) =>
      `${directive} was given in line ${line} already; this one holds (${value})`,
    advice: () => 'Remove one of the two lines.',
  },
} as const satisfies Record<string, FindingText>;
