import type { Configuration } from '../core/config/configuration.ts';
import { guardianMarginMs } from '../core/guardian-margin.ts';
import type { GuardianTerms } from '../ports/agents.ts';

/** `deadtimeMs`: what the peer counts by. */
export function guardianTerms(
  configuration: Configuration,
  deadtimeMs = configuration.timing.deadtimeMs,
): GuardianTerms {
  const { guardianMarginMs: configured } = configuration.tuning;
  return {
    deadtimeMs,
    marginMs: configured > 0 ? configured : guardianMarginMs(deadtimeMs),
    realtime: configuration.realtime.enabled,
    realtimePriority: configuration.realtime.priority,
  };
}
