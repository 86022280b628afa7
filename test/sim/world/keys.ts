/** The keys of a pair as an administrator keeps them: in authkeys of each node, read again while the daemon runs. */
import type { Authentication, AuthenticationKey } from '../../../src/core/config/configuration.ts';
import { judgeKeyChange } from '../../../src/core/transport/key-change.ts';
import type { Machine } from './machine.ts';

type Method = AuthenticationKey['method'];

export function firstKeys(method: Method): Authentication {
  return { sendIndex: 1, keys: [keyOf(1, method)], weaknesses: [] };
}

function keyOf(index: number, method: Method): AuthenticationKey {
  return { index, method, secret: index === 1 ? 'simulated' : `simulated ${index}` };
}

export function withKey(keys: Authentication, index: number): Authentication {
  if (keys.keys.some((key) => key.index === index)) return keys;
  return { ...keys, keys: [...keys.keys, keyOf(index, keys.keys[0]!.method)] };
}

export function signingWith(keys: Authentication, index: number): Authentication {
  return { ...keys, sendIndex: index };
}

export function withOnly(keys: Authentication, index: number): Authentication {
  return { ...keys, sendIndex: index, keys: keys.keys.filter((key) => key.index === index) };
}

/**
 * Writes authkeys and has the daemon read it, as `src/daemon/change-keys.ts` does: what would cut the pair is refused, and
 * then the file is put back. Whether it was taken; nobody does this to a node that is down.
 */
export function changeKeys(machine: Machine, keys: Authentication): boolean {
  const { daemon, world } = machine;
  if (daemon === undefined || !daemon.runs) return false;
  if (!judgeKeyChange(daemon.engine.transport, keys).ok) {
    world.count('key change refused');
    return false;
  }
  writeKeys(machine, keys);
  return true;
}

/** Without asking. */
export function writeKeys(machine: Machine, keys: Authentication): void {
  machine.keys = keys;
  machine.daemon?.deliver('control', () => {
    const { daemon } = machine;
    machine.world.trace(
      machine,
      'command',
      () => `keys: signs with ${keys.sendIndex}, accepts ${keys.keys.map(({ index }) => index).join(' ')}`,
    );
    daemon?.feed({ to: 'transport', event: { type: 'keysChanged', authentication: keys } });
  });
}
