/**
 * The words of every finding, how grave it is for us, and what Heartbeat 3.0.6 does with the same file (tried out on
 * the packaged 3.0.6, see test/core/config/heartbeat-verdicts.ts). Codes are stable; docs/reference/findings.md is
 * made from this table.
 */
import { authkeysTexts } from './finding-texts/authkeys.ts';
import { fencingTexts } from './finding-texts/fencing.ts';
import { haCfTexts } from './finding-texts/ha-cf.ts';
import { haresourcesTexts } from './finding-texts/haresources.ts';
import { linkTexts } from './finding-texts/links.ts';
import { monitoringTexts } from './finding-texts/monitoring.ts';
import { pingTexts } from './finding-texts/ping.ts';
import { serviceTexts } from './finding-texts/services.ts';
import { valueTexts } from './finding-texts/values.ts';
import type { Fields, Severity } from './findings.ts';

export interface FindingText {
  readonly severity: Severity;
  /**
   * refuses: 3.0.6 does not start. accepts: it says nothing. warns: it starts and says something. misreads: it starts
   * and does something else than the text says. ignores: it never looks.
   */
  readonly heartbeat: 'refuses' | 'accepts' | 'warns' | 'misreads' | 'ignores';
  /** Shown only by `check --as-heartbeat`: nothing is wrong with it here. */
  readonly onlyAsHeartbeat?: true;
  /** What is wrong, and what that means. */
  readonly problem: (fields: Fields) => string;
  /** What to do. */
  readonly advice?: (fields: Fields) => string;
}

const texts = {
  ...valueTexts,
  ...haCfTexts,
  ...linkTexts,
  ...pingTexts,
  ...serviceTexts,
  ...fencingTexts,
  ...authkeysTexts,
  ...haresourcesTexts,
  ...monitoringTexts,
} as const;

export type FindingCode = keyof typeof texts;

export const findingCodes = Object.keys(texts) as FindingCode[];

export function findingText(code: FindingCode): FindingText {
  return texts[code];
}
