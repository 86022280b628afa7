/**
 * A command in a machine that is given up after a while. The limit lies inside: whoever kills the entrance from outside
 * leaves a process behind that nobody collects, and a machine that cannot end.
 */
export function impatiently(argv: readonly string[], seconds: number): string[] {
  return ['timeout', '--kill-after', '1', String(seconds), ...argv];
}
