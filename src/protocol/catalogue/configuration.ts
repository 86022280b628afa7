import type { WordTable } from './words.ts';

/** Findings keep their words beside the parsers (src/core/config/finding-texts); here they arrive as finished text. */
export const configurationWords: WordTable = {
  'configuration-warning': { what: '{text}' },
};
