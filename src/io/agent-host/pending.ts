/** Operations that have been asked for and not answered: each is answered exactly once, whatever becomes of the host. */

import type { Operation, OperationOutcome, OperationResult } from '../../ports/agents.ts';
import type { Clock } from '../../ports/clock.ts';

export interface Pending {
  add(operation: Operation): void;
  has(operation: Operation): boolean;
  /** Answers nobody waits for (any more) are dropped. */
  answer(result: OperationResult): void;
  answerOne(operation: Operation, outcome: OperationOutcome, reason: string): void;
  answerAll(outcome: OperationOutcome, reason: string): void;
}

export function createPending(clock: Clock, deliver: (result: OperationResult) => void): Pending {
  const waiting = new Map<number, { readonly startedUs: number }>();

  const answer = (result: OperationResult): void => {
    if (waiting.delete(result.id)) deliver(result);
  };
  const answerId = (id: number, outcome: OperationOutcome, reason: string): void => {
    const nowUs = clock.nowUs();
    answer({ id, outcome, reason, startedUs: waiting.get(id)?.startedUs ?? nowUs, finishedUs: nowUs });
  };

  return {
    add: (operation) => void waiting.set(operation.id, { startedUs: clock.nowUs() }),
    has: (operation) => waiting.has(operation.id),
    answer,
    answerOne: (operation, outcome, reason) => answerId(operation.id, outcome, reason),
    answerAll(outcome, reason) {
      for (const id of [...waiting.keys()]) answerId(id, outcome, reason);
    },
  };
}
