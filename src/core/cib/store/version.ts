/**
 * The version of a committed configuration, as Pacemaker writes it into the root element of a CIB. The store owns it: a commit
 * raises `epoch` by one and sets `num_updates` to 0. An administrator who wants one configuration to outrank another raises
 * `admin_epoch`; then the document's own epoch stands. `num_updates` counts changes of the status section, which lives in memory
 * and is never committed, so every version that this store makes has 0 there.
 */
export interface Version {
  readonly adminEpoch: number;
  readonly epoch: number;
  readonly numUpdates: number;
}

export const noVersion: Version = { adminEpoch: 0, epoch: 0, numUpdates: 0 };

/** Pacemaker keeps each part in a signed integer of 32 bits. */
const partMax = 2147483647;

/** Negative, zero, positive, as a sort wants it. */
export function compareVersions(left: Version, right: Version): number {
  return left.adminEpoch - right.adminEpoch || left.epoch - right.epoch || left.numUpdates - right.numUpdates;
}

export function isAbove(version: Version, other: Version | undefined): boolean {
  return other === undefined || compareVersions(version, other) > 0;
}

/** `0.18.0` */
export function versionText(version: Version | undefined): string {
  const { adminEpoch, epoch, numUpdates } = version ?? noVersion;
  return `${adminEpoch}.${epoch}.${numUpdates}`;
}

export function parseVersion(text: string): Version | undefined {
  const match = /^(\d{1,10})\.(\d{1,10})\.(\d{1,10})$/.exec(text);
  return match === null ? undefined : versionOf(match[1]!, match[2]!, match[3]!);
}

/** From the three attributes as written. `undefined`: one of them is no number that Pacemaker could keep. */
export function versionOf(adminEpoch: string, epoch: string, numUpdates: string): Version | undefined {
  const parts = [adminEpoch, epoch, numUpdates].map((part) => (/^\d{1,10}$/.test(part) ? Number(part) : partMax + 1));
  if (parts.some((part) => part > partMax)) return undefined;
  return { adminEpoch: parts[0]!, epoch: parts[1]!, numUpdates: parts[2]! };
}

export interface Numbering {
  /** Each of the two nodes makes epochs of one parity only, so that no number stands for two versions, whatever they do apart. */
  readonly parity: 0 | 1;
  /** Versions of this node that may exist although nobody can read them any more: as many numbers are left out. */
  readonly skipped: number;
}

/** The version of a new commit, above everything in `below`. `wished`: what the document says of itself. `undefined`: no number is left. */
export function nextVersion(below: readonly Version[], wished: Version, numbering: Numbering): Version | undefined {
  const highest = below.reduce((high, version) => (compareVersions(version, high) > 0 ? version : high), noVersion);
  const isRaised = wished.adminEpoch > highest.adminEpoch;
  const epoch = ofParity(isRaised ? wished.epoch : highest.epoch + 1, numbering);
  const adminEpoch = isRaised ? wished.adminEpoch : highest.adminEpoch;
  if (epoch <= partMax) return { adminEpoch, epoch, numUpdates: 0 };
  return adminEpoch < partMax
    ? { adminEpoch: adminEpoch + 1, epoch: ofParity(1, numbering), numUpdates: 0 }
    : undefined;
}

function ofParity(epoch: number, { parity, skipped }: Numbering): number {
  return epoch + (epoch % 2 === parity ? 0 : 1) + 2 * skipped;
}
