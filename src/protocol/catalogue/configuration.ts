import type { WordTable } from './words.ts';

/** Findings keep their words beside the parsers (src/core/config/finding-texts); here they arrive as finished text. */
export const configurationWords: WordTable = {
  'configuration-warning': { what: '{text}' },
  'configuration-difference': {
    what: 'The files differ. Only here: {here}. Only on {peer}: {there}.',
    advice:
      '"pairbeat status" lists every line; "pairbeat check --peer" compares again after a change, before a restart.',
  },
  'configuration-agrees': { what: 'The configuration of {peer} is the same as the one here again.' },
  'peer-configuration-unknown': {
    what: 'What the other node runs with is not known to {node}.',
    meaning: 'It was not heard yet, it has not answered yet, or it runs Heartbeat 3.',
    advice: 'See "pairbeat status", and ask again in a moment.',
  },
};
