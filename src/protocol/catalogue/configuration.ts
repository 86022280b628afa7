import type { WordTable } from './words.ts';

/** Findings keep their words beside the parsers (src/core/config/finding-texts); here they arrive as finished text. */
export const configurationWords: WordTable = {
  'configuration-warning': { what: '{text}' },
  'configuration-invalid': {
    what: 'The configuration in {directory} has {errors} error(s); nothing was started.',
    meaning: 'A daemon that runs already goes on with the configuration that it has.',
    advice: 'Run `pairbeat check {directory}`: it shows each error with its line.',
  },
};
