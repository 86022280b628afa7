/** The keys of a pair as an administrator keeps them: in authkeys of each node. */
import type { Authentication, AuthenticationKey } from '../../../src/core/config/configuration.ts';

type Method = AuthenticationKey['method'];

export function firstKeys(method: Method): Authentication {
  return { sendIndex: 1, keys: [{ index: 1, method, secret: 'simulated' }], weaknesses: [] };
}
