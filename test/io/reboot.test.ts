/** Never with the real ways: what they do cannot be undone. */
import { expect, it } from 'vitest';
import { rebootMachine } from '../../src/io/reboot.ts';

const ways = (system: string | 0 | undefined, namespace = 'pid:[4026531836]') => {
  const triggered: string[] = [];
  return { system: () => system, namespace: () => namespace, trigger: () => void triggered.push('b'), triggered };
};

it('asks the kernel, and that is all when it agrees', () => {
  const one = ways(0);
  expect(rebootMachine(one).ok).toBe(true);
  expect(one.triggered).toEqual([]);
});

it('goes by sysrq where the call is refused or missing', () => {
  for (const refused of ['EPERM', undefined]) {
    const one = ways(refused);
    expect(rebootMachine(one).ok).toBe(true);
    expect(one.triggered).toEqual(['b']);
  }
});

it('never restarts the machine underneath a container', () => {
  const one = ways('EPERM', 'pid:[4026532300]');
  expect(rebootMachine(one)).toMatchObject({ problem: { code: 'reboot-failed', fields: { reason: 'EPERM' } } });
  expect(one.triggered).toEqual([]);
});

it('says why when nothing works', () => {
  const trigger = () => {
    throw Object.assign(new Error('no'), { code: 'EROFS' });
  };
  expect(rebootMachine({ ...ways('EPERM'), trigger })).toMatchObject({
    problem: { fields: { reason: 'EPERM, sysrq: EROFS' } },
  });
});
