/**
 * The fields that every packet must have, read once after the MAC has verified. A packet that lacks one has no effect.
 */
import type { LinkId } from '../types.ts';
import { hexOf, parseHexNumber } from './bytes.ts';
import { bytesOf, type Message, textOf } from './message.ts';

export interface VerifiedPacket {
  readonly link: LinkId;
  readonly message: Message;
  /** Number of the key that signed it. */
  readonly keyIndex: number;
  readonly type: string;
  /** Sender as the packet names it, lower-case. */
  readonly node: string;
  readonly uuid: string;
  readonly generation: number;
  /** 0 on messages of the transport itself (type `NS_...`), which have none. */
  readonly sequence: number;
  readonly forPairbeat: PairbeatFields | undefined;
}

/** Fields that only Pairbeat sends. */
export interface PairbeatFields {
  /** Our generation as the sender has accepted it; 0 when it has accepted none. */
  readonly acceptedGeneration: number;
}

export function readHeader(
  link: LinkId,
  { message, keyIndex }: Pick<VerifiedPacket, 'message' | 'keyIndex'>,
): VerifiedPacket | undefined {
  const type = textOf(message, 't');
  const node = textOf(message, 'src')?.toLowerCase();
  const uuid = bytesOf(message, 'srcuuid');
  const generation = parseHexNumber(textOf(message, 'hg'));
  const timestamp = parseHexNumber(textOf(message, 'ts'));
  if (!type || !node || uuid?.length !== 16 || !generation || !timestamp) return undefined;
  const sequence = isTransportType(type) ? 0 : parseHexNumber(textOf(message, 'seq'));
  if (sequence === undefined || (sequence === 0 && !isTransportType(type))) return undefined;
  const forPairbeat = readPairbeatFields(message);
  if (forPairbeat === null) return undefined;
  return { link, message, keyIndex, type, node, uuid: hexOf(uuid), generation, sequence, forPairbeat };
}

/** Retransmission and acknowledgement: unnumbered, so they may be old, so they decide nothing. */
export function isTransportType(type: string): boolean {
  return type.startsWith('NS_');
}

function readPairbeatFields(message: Message): PairbeatFields | undefined | null {
  if (textOf(message, 'pbver') === undefined) return undefined;
  const acceptedGeneration = parseHexNumber(textOf(message, 'pbto'));
  return acceptedGeneration === undefined ? null : { acceptedGeneration };
}
