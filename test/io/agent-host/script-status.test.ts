import { expect, it } from 'vitest';
import { lastWords } from '../../../src/io/agent-host/last-words.ts';
import { judgeStatus } from '../../../src/io/agent-host/script-status.ts';

it.each([
  ['INFO: Running OK', 'running'],
  ['running', 'running'],
  ['OK', 'running'],
  ['httpd is NOT Running', 'not-running'],
  ['httpd is not running but OK otherwise', 'not-running'],
  ['Not running', 'not-running'],
  ['stopped', 'not-running'],
  ['', 'not-running'],
  // Heartbeat looks for these letters only in the cases that it lists.
  ['RUNNING', 'not-running'],
  ['ok', 'not-running'],
])('judges an R1 script by what it prints: %j is %s, whatever the exit code', (output, verdict) => {
  for (const exitCode of [0, 1, 3]) expect(judgeStatus('r1', exitCode, output)).toBe(verdict);
});

it.each([
  ['running', 3, 'running'],
  ['not running', 0, 'not-running'],
  ['httpd (pid 12) is up', 0, 'running'],
  ['httpd is stopped', 3, 'not-running'],
  ['dead but pid file exists', 1, 'not-running'],
  ['dead but subsys locked', 2, 'not-running'],
  ['no idea', 4, 'unknown'],
  ['not installed', 150, 'unknown'],
] as const)(
  'judges an LSB script by its text, and by its exit code where the text says nothing: %j with %i is %s',
  (output, exitCode, verdict) => {
    expect(judgeStatus('lsb', exitCode, output)).toBe(verdict);
  },
);

it.each([
  [0, 'running'],
  [8, 'running'],
  [7, 'not-running'],
  [1, 'failed'],
  [5, 'failed'],
] as const)('judges an OCF agent by its exit code: %i is %s', (exitCode, verdict) => {
  expect(judgeStatus('ocf', exitCode, 'not running')).toBe(verdict);
});

it('shows the exit reason, else the last line of standard error, else of output', () => {
  expect(lastWords('out', 'a\nocf-exit-reason:first\nocf-exit-reason: the disk is full \nb\n')).toBe(
    'the disk is full',
  );
  expect(lastWords('out', 'a\nb\n\n')).toBe('b');
  expect(lastWords('one\ntwo\n', '\n')).toBe('two');
  expect(lastWords('', '')).toBeUndefined();
});

it('lets no control characters and no endless lines of an agent through', () => {
  expect(lastWords('', 'red \u001b[31malert\u0007\n')).toBe('red  [31malert');
  expect(lastWords('', `${'x'.repeat(5000)}\n`)?.length).toBeLessThan(310);
});
