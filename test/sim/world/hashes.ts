/**
 * A fast keyed stand-in for HMAC: it finds every flipped bit that the simulator makes, and costs a tenth. The real one
 * can be chosen (`--real-mac`); both give the same run, because nothing but "verifies or not" depends on it.
 */
import type { Hashes } from '../../../src/core/transport/mac.ts';

export const standInHashes: Hashes = {
  hmac(_method, secret, bytes) {
    let low = 0x811c9dc5;
    let high = secret.length;
    for (let index = 0; index < secret.length; index++) low = Math.imul(low ^ secret.charCodeAt(index), 0x01000193);
    for (let index = 0; index < bytes.length; index++) {
      low = Math.imul(low ^ bytes[index]!, 0x01000193);
      high = (high + (low >>> 7)) | 0;
    }
    const half = (low >>> 0).toString(16).padStart(8, '0') + (high >>> 0).toString(16).padStart(8, '0');
    return half + half;
  },
};
