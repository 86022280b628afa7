/** What Pairbeat answers about a CIB, in the form of answer.ts. */
import { createHash } from 'node:crypto';
import { parseCib } from '../../src/core/cib/xml.ts';
import { simulate } from '../../src/core/policy/simulate/simulate.ts';
import type { Answer } from './answer.ts';

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/** Words where it has no answer: why the CIB cannot be read, or which exception there was. */
export function askProduct(xml: string, nowS: number): Answer | string {
  try {
    const parsed = parseCib(xml);
    if (!parsed.ok) return `cannot be read: ${JSON.stringify(parsed)}`;
    return simulate(parsed.value.cib, { nowS, md5 }).answer;
  } catch (error) {
    return `throws ${error instanceof Error ? (error.stack ?? error.message).split('\n').slice(0, 3).join(' ') : String(error)}`;
  }
}
