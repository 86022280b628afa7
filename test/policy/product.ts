/** What Pairbeat answers about a CIB, in the form of answer.ts; in words when it cannot. */
import { createHash } from 'node:crypto';
import { parseCib } from '../../src/core/cib/xml.ts';
import { simulate } from '../../src/core/policy/simulate/simulate.ts';
import type { Answer } from './answer.ts';

export type Ask = (xml: string, nowS: number) => Answer | string;

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

export const askProduct: Ask = (xml, nowS) => {
  const parsed = parseCib(xml);
  if (!parsed.ok) return `${parsed.problem.code} ${JSON.stringify(parsed.problem.fields)}`;
  try {
    return simulate(parsed.value.cib, { nowS, md5 }).answer;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
};
