/** Findings about how resources are monitored. */
import type { FindingText } from '../finding-texts.ts';

export const monitoringTexts = {
  'monitor-interval-unknown': {
    severity: 'warning',
    heartbeat: 'ignores',
    problem: ({ name }) => `haresources has no resource, group or resource type "${name}": the line has no effect`,
    advice: ({ nearest }) =>
      nearest ? `Did you mean ${nearest}?` : 'Write the word as haresources has it, or remove the line.',
  },
} as const satisfies Record<string, FindingText>;
