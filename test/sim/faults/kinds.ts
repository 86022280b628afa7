/** Every kind of fault, by the name that lists and tables give it. */
import { adversary, flapping, sizeLoss } from './adversary.ts';
import { death, failingDisk, lyingStatus, slowAgents, slowDisk, startFailure, stopFailure } from './agents.ts';
import { bitRot, plugPulled } from './disk.ts';
import type { FaultKind } from './fault.ts';
import { fenceMisbehaves, fenceUnreachable, operatorConfirms } from './fence.ts';
import { keyRotation, wallJump } from './keys.ts';
import { bothKill, clockDrift, daemonKill, daemonStop, freeze, gracefulStop, hostKill, powerLoss } from './nodes.ts';
import { operator, reload, workByHand } from './operator.ts';
import { upgrade } from './upgrade.ts';
import { cut, damage, duplicates, loss, oneLink, oneWay, outsideCut, reordering, replay } from './wire.ts';

const table = {
  loss,
  duplicates,
  reordering,
  damage,
  replay,
  adversary,
  sizeLoss,
  flapping,
  cut,
  oneWay,
  oneLink,
  outsideCut,
  powerLoss,
  daemonKill,
  hostKill,
  bothKill,
  freeze,
  daemonStop,
  clockDrift,
  gracefulStop,
  startFailure,
  stopFailure,
  slowAgents,
  death,
  lyingStatus,
  slowDisk,
  failingDisk,
  plugPulled,
  bitRot,
  fenceUnreachable,
  fenceMisbehaves,
  operatorConfirms,
  operator,
  workByHand,
  reload,
  upgrade,
  keyRotation,
  wallJump,
} satisfies Record<string, FaultKind>;

export type FaultName = keyof typeof table;

export const faultNames = Object.keys(table) as FaultName[];

export const faultKinds: Readonly<Record<FaultName, FaultKind>> = table;
