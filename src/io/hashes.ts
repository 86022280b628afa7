/** The system's cryptography for the core: HMAC, HKDF, and the two ciphers of sealed packets. */
import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import type { SealedMethod } from '../core/config/configuration.ts';
import type { Hashes } from '../core/transport/mac.ts';

const cipherNames: Readonly<Record<SealedMethod, 'aes-256-gcm' | 'chacha20-poly1305'>> = {
  aes256gcm: 'aes-256-gcm',
  chacha20poly1305: 'chacha20-poly1305',
};
const tagBytes = 16;

/** Bounded memory of functions: as many as two nodes with a full authkeys need. */
const rememberedMax = 64;
/** The first half of HKDF, which depends on the secret alone: garbage under invented salts costs only the second. */
const extracted = new Map<string, Buffer>();
const derived = new Map<string, Uint8Array>();

export const nodeHashes: Hashes = {
  hmac: (method, secret, bytes) => createHmac(method, secret).update(bytes).digest('hex'),
  derive(secret, info, bytes) {
    const name = `${bytes} ${Buffer.from(info).toString('latin1')} ${secret}`;
    const known = derived.get(name);
    if (known !== undefined) return known;
    return remember(derived, name, expand(extract(secret), info, bytes));
  },
  seal(method, key, nonce, plain, clear) {
    const cipher = createCipheriv(cipherNames[method] as 'aes-256-gcm', key, nonce, { authTagLength: tagBytes });
    cipher.setAAD(clear, { plaintextLength: plain.length });
    return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  },
  open(method, key, nonce, sealed, clear) {
    if (sealed.length < tagBytes) return undefined;
    const decipher = createDecipheriv(cipherNames[method] as 'aes-256-gcm', key, nonce, { authTagLength: tagBytes });
    decipher.setAAD(clear, { plaintextLength: sealed.length - tagBytes });
    decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes));
    const plain = decipher.update(sealed.subarray(0, sealed.length - tagBytes));
    try {
      return Buffer.concat([plain, decipher.final()]);
    } catch {
      return undefined;
    }
  },
};

/** RFC 5869, 2.2, without a salt: as many zeros as the hash is long. */
function extract(secret: string): Buffer {
  const known = extracted.get(secret);
  return known ?? remember(extracted, secret, createHmac('sha256', Buffer.alloc(32)).update(secret).digest());
}

/** RFC 5869, 2.3. */
function expand(pseudorandomKey: Buffer, info: Uint8Array, bytes: number): Uint8Array {
  const output = new Uint8Array(bytes);
  let block = Buffer.alloc(0);
  for (let at = 0, number = 1; at < bytes; at += block.length, number++) {
    block = createHmac('sha256', pseudorandomKey).update(block).update(info).update(Uint8Array.of(number)).digest();
    output.set(block.subarray(0, bytes - at), at);
  }
  return output;
}

function remember<Value>(memory: Map<string, Value>, name: string, value: Value): Value {
  const [oldest] = memory.keys();
  if (memory.size >= rememberedMax && oldest !== undefined) memory.delete(oldest);
  memory.set(name, value);
  return value;
}
