/**
 * Turns single failures of a link into few statements: one when trouble begins or changes, one a minute while it
 * lasts (with the number of datagrams lost), one when it is over. A link that fails every other time is in trouble.
 */
import type { Problem } from '../../core/result.ts';
import { type LinkId, type Microseconds, usPerSecond } from '../../core/types.ts';

export interface LinkHealth {
  /** Its sockets could not be opened; `undefined`: they are open. */
  opened(problem: Problem | undefined): void;
  sent(error: string | undefined): void;
  readonly troubled: boolean;
}

export interface LinkHealthHandlers {
  linkProblem(link: LinkId, problem: Problem): void;
  linkRecovered(link: LinkId): void;
}

const repeatAfterUs = 60 * usPerSecond;
/** Sending must have worked for this long before trouble counts as over. */
const calmUs = usPerSecond;

export function createLinkHealth(link: LinkId, nowUs: () => Microseconds, handlers: LinkHealthHandlers): LinkHealth {
  let openProblem: Problem | undefined;
  let sendError: string | undefined;
  let lastFailureUs = 0;
  let lastReportUs = 0;
  let lost = 0;
  let reported: string | undefined;

  const report = (problem: Problem): void => {
    const now = nowUs();
    const { error = '' } = problem.fields;
    const statement = `${problem.code} ${error}`;
    if (statement === reported && now - lastReportUs < repeatAfterUs) return;
    reported = statement;
    lastReportUs = now;
    handlers.linkProblem(link, problem);
  };
  const settle = (): void => {
    if (reported === undefined || openProblem !== undefined || sendError !== undefined) return;
    reported = undefined;
    handlers.linkRecovered(link);
  };

  return {
    opened(problem) {
      openProblem = problem;
      if (problem !== undefined) report({ ...problem, fields: { ...problem.fields, link } });
      settle();
    },
    sent(error) {
      if (error === undefined && sendError === undefined) return;
      if (error === undefined) {
        if (nowUs() - lastFailureUs < calmUs) return;
        sendError = undefined;
        lost = 0;
        settle();
        return;
      }
      sendError = error;
      lastFailureUs = nowUs();
      lost += 1;
      report({ code: 'link-send-failed', fields: { link, error, lost } });
    },
    get troubled() {
      return openProblem !== undefined || sendError !== undefined;
    },
  };
}
