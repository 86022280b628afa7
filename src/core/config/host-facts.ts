import type { FenceFile } from './fencing/fence-file.ts';

/**
 * What the parsers may know about the machine. The core asks nobody: whoever calls hands these in. A question that
 * cannot be answered here (a check "as if on the other node") is left out, and what hangs on it is not checked.
 */
export interface HostFacts {
  /** The node to check for: `uname -n`, nodeinfo, or --node. Lower case. */
  readonly nodeName: string;
  readonly directory: string;
  readonly sha256: (text: string) => string;
  readonly interfaces?: readonly string[];
  /** The addresses of this machine; IPv6 in the spelling of `printIPv6`, without the zone. */
  readonly addresses?: readonly string[];
  /** Port of the service ha-cluster/udp in /etc/services. */
  readonly servicePort?: number;
  /** Looks a name up in /etc/hosts. */
  readonly addressOf?: (name: string) => string | undefined;
  readonly fileKind?: (path: string) => FileKind;
  readonly userExists?: (name: string) => boolean;
  readonly groupExists?: (name: string) => boolean;
  /** Whether an own agent or a script in resource.d or init.d serves this resource type. */
  readonly scriptExists?: (type: string) => boolean;
  readonly authkeysFile?: AuthkeysFile;
  /** Permissions of ha.cf, which may name passwords of fence devices. */
  readonly haCfMode?: number;
  /** Where a fence device of this type was looked for and not found; undefined when it is installed. */
  readonly fenceProgramMissing?: (type: string) => { readonly places: string; readonly agent: boolean } | undefined;
  readonly fenceFile?: (path: string) => FenceFile;
}

export type FileKind = 'missing' | 'plain' | 'executable' | 'device' | 'other';

/** fstat of the opened file. */
export interface AuthkeysFile {
  readonly kind: 'regular' | 'symlink' | 'other';
  readonly mode: number;
  readonly ownerId: number;
  /** The user this process runs as: the file belongs to root or to it. */
  readonly runningId: number;
  readonly size: number;
}
