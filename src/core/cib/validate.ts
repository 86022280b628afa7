/**
 * Whether a configuration makes sense, before anything acts on it: schema, ids, references, options. Every independent
 * finding in one run, in the order of the document, each with line, column and id. The status section is not looked at:
 * what a node reports is taken as it comes.
 */
import type { Cib } from './model.ts';
import { type CibFinding, Findings } from './validation/findings.ts';
import { checkReferences } from './validation/references.ts';
import { checkSense } from './validation/sense.ts';
import { checkStructure } from './validation/structure.ts';
import { LineIndex } from './xml/positions.ts';
import { type CibPositions, cibToTree } from './xml.ts';

export type { CibFinding };

/** @param positions - those that came with this very CIB; without them findings have no line. */
export function validateCib(cib: Cib, positions?: CibPositions): readonly CibFinding[] {
  const root = positions?.root ?? cibToTree(cib);
  const findings = new Findings(positions === undefined ? undefined : once(() => new LineIndex(positions.text)));
  // A configuration alone, or one that is just being made, has no versions yet: the store gives them.
  const versioned = Object.keys(root.attributes).length > 0;
  const survey = checkStructure(root, findings, versioned);
  checkReferences(root, survey, findings);
  checkSense(root, findings);
  return inOrder(findings.list);
}

export function hasCibErrors(findings: readonly CibFinding[]): boolean {
  return findings.some(({ severity }) => severity === 'error');
}

function inOrder(findings: readonly CibFinding[]): readonly CibFinding[] {
  return findings.toSorted((left, right) => lineOf(left) - lineOf(right) || (left.column ?? 0) - (right.column ?? 0));
}

/** What has no place comes last. */
function lineOf({ line }: CibFinding): number {
  return line ?? Number.MAX_SAFE_INTEGER;
}

function once<Value>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
