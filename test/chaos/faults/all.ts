/** Every kind of fault that a round can have. */
import { agentFaults } from './agents.ts';
import { clockFaults } from './clock.ts';
import type { FaultKind } from './fault-kind.ts';
import { fencingFaults } from './fencing.ts';
import { limitFaults } from './limits.ts';
import { linkFaults } from './links.ts';
import { operatorFaults } from './operator.ts';
import { processFaults } from './processes.ts';

export const faultKinds: readonly FaultKind[] = [
  ...linkFaults,
  ...processFaults,
  ...clockFaults,
  ...limitFaults,
  ...agentFaults,
  ...operatorFaults,
  ...fencingFaults,
];

export const kindsByName: ReadonlyMap<string, FaultKind> = new Map(faultKinds.map((kind) => [kind.name, kind]));
