/** What a mutant of the store is tried with, as one bundle. */
export { runRound } from './round.ts';
export { everyStep } from './steps.ts';
