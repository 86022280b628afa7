import { describe, expect, it } from 'vitest';
import { admitClient, type ClientAccess } from '../../src/core/client-access.ts';

const [root, alice, bob] = [0, 1001, 1002];
const [haclient, staff] = [90, 50];
const builtIn = [
  { client: 'anon', uids: [root], gids: [haclient] },
  { client: 'ipfail', uids: [17], gids: [] },
];
const access = (...rules: ClientAccess['rules']): ClientAccess => ({ rules, builtIn, ownerUid: 17 });
const asks = (one: ClientAccess, client: string, uid: number, gids: number[] = [], reads = false): string => {
  const verb = reads ? 'status' : 'standby';
  const admitted = admitClient(one, { client, verb, reads }, { uid, gids });
  return admitted.ok ? 'yes' : admitted.problem.code;
};

describe('apiauth', () => {
  it('admits a listed user, or a member of a listed group, and nobody else', () => {
    const one = access({ client: 'hb_standby', uids: [alice], gids: [staff] });
    expect(asks(one, 'hb_standby', alice)).toBe('yes');
    expect(asks(one, 'hb_standby', bob, [7, staff])).toBe('yes');
    expect(asks(one, 'hb_standby', bob, [7])).toBe('client-refused');
  });

  it('of a line holds for reading too; built in it holds only for what changes something', () => {
    const one = access({ client: 'cl_status', uids: [alice], gids: [] });
    expect(asks(one, 'cl_status', bob, [], true)).toBe('client-refused');
    expect(asks(one, 'anon', bob, [], true)).toBe('yes');
    expect(asks(one, 'anon', bob)).toBe('client-refused');
    expect(asks(one, 'anon', bob, [haclient])).toBe('yes');
  });

  it('default is for names without a rule of their own, written or built in', () => {
    const one = access({ client: 'default', uids: [alice], gids: [] }, { client: 'mine', uids: [bob], gids: [] });
    expect(asks(one, 'pairbeat', alice)).toBe('yes');
    expect(asks(one, 'pairbeat', bob)).toBe('client-refused');
    expect(asks(one, 'mine', bob)).toBe('yes');
    expect(asks(one, 'anon', alice)).toBe('client-refused');
    expect(asks(access(), 'pairbeat', bob)).toBe('yes');
  });

  it('a line takes the place of the built-in rule of that name', () => {
    expect(asks(access({ client: 'anon', uids: [bob], gids: [] }), 'anon', bob)).toBe('yes');
  });

  it('never locks out root or the user who runs the daemon', () => {
    const one = access({ client: 'pairbeat', uids: [alice], gids: [] });
    expect([asks(one, 'pairbeat', root), asks(one, 'pairbeat', 17)]).toEqual(['yes', 'yes']);
  });

  it('admits nobody whom the kernel does not name where there is a rule', () => {
    const one = access({ client: 'pairbeat', uids: [alice], gids: [] });
    expect(admitClient(one, { client: 'pairbeat', verb: 'standby', reads: false }, undefined)).toMatchObject({
      problem: { code: 'client-unidentified' },
    });
    expect(admitClient(one, { client: 'other', verb: 'standby', reads: false }, undefined).ok).toBe(true);
  });
});
