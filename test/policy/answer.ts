/** What a scheduler says about a CIB, in the one form in which all of them are compared: that of `pairbeat simulate --json`. */
export type { ActionEntry, Answer, ResourceTable, TransitionEntry } from '../../src/core/policy/simulate/answer.ts';
