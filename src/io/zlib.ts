/** zlib for messages: on the spot, since a message is small and must not wait. */
import { constants, deflateSync, inflateSync } from 'node:zlib';
import type { Zlib } from '../core/transport/compression.ts';

export const nodeZlib: Zlib = {
  compress: (bytes) => new Uint8Array(deflateSync(bytes, { level: constants.Z_BEST_SPEED })),
  decompress(bytes, limit) {
    try {
      return new Uint8Array(inflateSync(bytes, { maxOutputLength: limit }));
    } catch {
      return undefined;
    }
  },
};
