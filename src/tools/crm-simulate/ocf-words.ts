/** The exit codes of an OCF agent in the words that Pacemaker's tools have for them. */
const words: Readonly<Record<number, string>> = {
  0: 'ok',
  1: 'error',
  2: 'invalid parameter',
  3: 'unimplemented feature',
  4: 'insufficient privileges',
  5: 'not installed',
  6: 'not configured',
  7: 'not running',
  8: 'promoted',
  9: 'promoted (failed)',
  190: 'degraded',
  191: 'promoted (degraded)',
};

export const ocfWords = (rc: number): string => words[rc] ?? 'unknown';
