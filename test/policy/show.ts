/** One random CIB with both answers, as it is or shrunken to what the disagreement needs. */

import { classOf } from './classify.ts';
import { compare } from './compare.ts';
import { askOracle } from './oracle.ts';
import { askProduct } from './product.ts';
import { generate } from './random-cib/generate.ts';
import { nowS } from './random-cib/world.ts';
import { shrink } from './shrink.ts';
import { parseXml, writeXml } from './xml-tree.ts';

export const oracleNow = new Date(nowS * 1000).toISOString().replace('.000', '');

export async function show(seed: number): Promise<void> {
  const { xml, features } = generate(seed);
  await showAnswers(xml);
  console.log(`features: ${[...features].join(', ')}`);
}

async function showAnswers(xml: string): Promise<void> {
  console.log(xml);
  const expected = await askOracle(xml, oracleNow);
  if (expected.kind === 'rejected') {
    console.log(`crm_simulate refuses it (${expected.why})\n${expected.words}`);
    return;
  }
  console.log(`crm_simulate: ${JSON.stringify(expected.answer, undefined, 1)}`);
  const actual = askProduct(xml, nowS);
  if (typeof actual === 'string') {
    console.log(`Pairbeat: ${actual}`);
    return;
  }
  console.log(`Pairbeat: ${JSON.stringify(actual, undefined, 1)}`);
  const { differences, transitionDifferences } = compare(expected.answer, actual);
  console.log(['- crm_simulate, + Pairbeat', ...differences, ...transitionDifferences].join('\n'));
}

export async function shrinkAndShow(seed: number, strict: boolean): Promise<void> {
  const { cib, xml } = generate(seed);
  const wanted = await disagreement(xml, strict);
  if (wanted === undefined) {
    console.log(`seed ${seed} agrees`);
    return;
  }
  const small = await shrink(
    parseXml(writeXml(cib)),
    async (candidate) => (await disagreement(writeXml(candidate), strict)) === wanted,
  );
  await showAnswers(writeXml(small));
}

/** The class of the disagreement about a CIB that the oracle accepts. */
async function disagreement(xml: string, strict: boolean): Promise<string | undefined> {
  const expected = await askOracle(xml, oracleNow);
  if (expected.kind === 'rejected') return undefined;
  const actual = askProduct(xml, nowS);
  if (typeof actual === 'string') return actual.slice(0, 60);
  const found = compare(expected.answer, actual);
  return found.agrees && (!strict || found.agreesStrictly) ? undefined : classOf(found);
}
