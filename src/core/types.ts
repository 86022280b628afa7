/** Branded identifiers. Only parsers (configuration, wire) mint them; everything else passes them on. */
export type NodeName = string & { readonly brand: 'NodeName' };
/** The first resource word of a haresources line: the name that R1 tools use for the group. */
export type GroupKey = string & { readonly brand: 'GroupKey' };
/** `bcast/eth0`, `ucast/eth0/192.168.1.2`, `mcast/eth0/225.0.0.1`: one configured keepalive path. */
export type LinkId = string & { readonly brand: 'LinkId' };

/** Lower-cases, as Heartbeat does; the caller has checked the characters. */
export const nodeName = (text: string): NodeName => text.toLowerCase() as NodeName;
export const groupKey = (text: string): GroupKey => text as GroupKey;
export const linkId = (text: string): LinkId => text as LinkId;

/** Integer microseconds of one monotonic clock that also counts suspend. */
export type Microseconds = number;

export const usPerMs = 1000;
export const usPerSecond = 1_000_000;

/** Compares by code unit: the order must be the same on every machine, so no locale is asked. */
export function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
