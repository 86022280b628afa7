/**
 * What several failures of one resource on one node demand together: the hardest response wins. `ban` is of our own making:
 * leave the node, or stay stopped; on-fail cannot ask for it.
 */
import type { OnFail } from '../working-set.ts';

export type Response = OnFail | 'ban';

const severity: Readonly<Record<Response, number>> = {
  ignore: 0,
  demote: 1,
  restart: 2,
  'restart-container': 3,
  ban: 4,
  block: 5,
  stop: 6,
  standby: 7,
  fence: 8,
};

export function harder(left: Response, right: Response): Response {
  return severity[right] > severity[left] ? right : left;
}

/** No harder than a plain restart. */
export function atMostRestart(response: Response): boolean {
  return severity[response] <= severity.restart;
}

/** Whether a later success makes the failure history: not when it was to stop the resource, or to leave the node alone. */
export function isClearedBySuccess(response: Response): boolean {
  return severity[response] <= severity['restart-container'] || response === 'block';
}
