/** What Pairbeat answers about a CIB, in the form of answer.ts; undefined as long as there is nothing that answers. */
import type { Answer } from './answer.ts';

export type Ask = (xml: string, nowS: number) => Answer | string;

export const askProduct: Ask | undefined = undefined as Ask | undefined;
