/**
 * Scores of placement: integers between -INFINITY and +INFINITY (1,000,000), saturating. Minus infinity beats everything, plus
 * infinity beats everything finite (Pacemaker Explained, "Scores").
 */
export const infinity = 1_000_000;

/** The sum of two scores. */
export function addScores(left: number, right: number): number {
  if (left <= -infinity || right <= -infinity) return -infinity;
  if (left >= infinity || right >= infinity) return infinity;
  const sum = left + right;
  return Math.max(-infinity, Math.min(infinity, sum));
}

/** As Pacemaker's tools write it: `INFINITY`, `-INFINITY` or the number. */
export function scoreText(score: number): string {
  if (score >= infinity) return 'INFINITY';
  return score <= -infinity ? '-INFINITY' : String(score);
}
