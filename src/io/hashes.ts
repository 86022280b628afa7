/** The system's cryptography for the core: HMAC, HKDF, and the two ciphers of sealed packets. */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto';
import type { SealedMethod } from '../core/config/configuration.ts';
import type { Hashes } from '../core/transport/mac.ts';

const cipherNames: Readonly<Record<SealedMethod, 'aes-256-gcm' | 'chacha20-poly1305'>> = {
  aes256gcm: 'aes-256-gcm',
  chacha20poly1305: 'chacha20-poly1305',
};
const tagBytes = 16;

/** Own keys and the peer's, for each key of authkeys and a restart or two; a flood of invented salts only costs time. */
const derivedMax = 64;
const derived = new Map<string, Uint8Array>();

export const nodeHashes: Hashes = {
  hmac: (method, secret, bytes) => createHmac(method, secret).update(bytes).digest('hex'),
  derive(secret, info, bytes) {
    const name = `${bytes} ${Buffer.from(info).toString('latin1')} ${secret}`;
    const known = derived.get(name);
    if (known !== undefined) return known;
    const key = new Uint8Array(hkdfSync('sha256', secret, new Uint8Array(0), info, bytes));
    const [oldest] = derived.keys();
    if (derived.size >= derivedMax && oldest !== undefined) derived.delete(oldest);
    derived.set(name, key);
    return key;
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
