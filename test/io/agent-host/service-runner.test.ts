/** Real programs, run by the rules of core/services. The machine under the test is never rebooted: that way is a stand-in. */
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ServiceConfiguration } from '../../../src/core/config/configuration.ts';
import type { Problem } from '../../../src/core/result.ts';
import type { ServiceView } from '../../../src/core/services/service.ts';
import { createServiceRecord } from '../../../src/io/agent-host/service-record.ts';
import { createServiceRunner, type ServiceRunner } from '../../../src/io/agent-host/service-runner.ts';
import { createClock } from '../../../src/io/clock.ts';
import type { User } from '../../../src/io/users.ts';
import { soon } from '../../soon.ts';
import { isAlive } from './real-harness.ts';

let directory: string;
let logged: Problem[];
let views: readonly ServiceView[];
let reboots: number;
let runners: ServiceRunner[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'pairbeat-services-'));
  [logged, views, reboots, runners] = [[], [], 0, []];
});
afterEach(async () => {
  for (const runner of runners) await new Promise<void>((resolve) => runner.stopAll(resolve));
  rmSync(directory, { recursive: true, force: true });
});

function createRunner(users: Partial<User> = {}): ServiceRunner {
  const uid = process.geteuid?.() ?? 0;
  const runner = createServiceRunner({
    clock: createClock(),
    record: createServiceRecord(join(directory, 'services.json')),
    environment: () => ({ PATH: '/usr/bin:/bin', HA_test: 'yes' }),
    log: (_level, problem) => void logged.push(problem),
    changed: (present) => {
      views = present;
    },
    reboot: (failed) => {
      reboots += 1;
      setImmediate(failed);
    },
    findUser: async (name) =>
      name === 'nobody-here'
        ? undefined
        : { name, uid, gid: process.getegid?.() ?? 0, groups: [], home: '/', ...users },
  });
  runners.push(runner);
  return runner;
}

function program(name: string, body: string, kind: ServiceConfiguration['kind'] = 'respawn'): ServiceConfiguration {
  const file = join(directory, name);
  writeFileSync(file, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  return { kind, user: 'somebody', file, args: ['a b', '$(id)'] };
}
const codes = (): string[] => logged.map(({ code }) => code);
const pidOf = (code = 'service-started'): number =>
  Number(logged.findLast((each) => each.code === code)?.fields['pid']);
const output = (): string => {
  try {
    return readFileSync(join(directory, 'out'), 'utf8');
  } catch {
    return '';
  }
};

describe('a program', () => {
  it('gets its words as they stand, a session of its own, its user and no terminal', async () => {
    const facts = `echo "$#|$1|$2|$USER|$HA_test|$(readlink /proc/$$/fd/0 /proc/$$/fd/1 | tr '\\n' ' ')" > ${directory}/out`;
    createRunner().configure([program('facts', `${facts}\nsleep 100`)]);
    await soon(() => expect(output()).toBe('2|a b|$(id)|somebody|yes|/dev/null /dev/null \n'));
    const [, , , , group, session] = readFileSync(`/proc/${pidOf()}/stat`, 'utf8').split(' ');
    expect([Number(group), Number(session)]).toEqual([pidOf(), pidOf()]);
  });

  it('is started again when it is killed, and ends with its children when it is stopped', async () => {
    const runner = createRunner();
    runner.configure([program('loop', `sleep 1000 & echo $! >> ${directory}/out; wait`)]);
    await soon(() => expect(output()).not.toBe(''));
    process.kill(pidOf(), 'SIGKILL');
    await soon(() => expect(codes()).toEqual(['service-started', 'service-ended', 'service-started']));
    await soon(() => expect(output().trim().split('\n').length).toBe(2));
    await new Promise<void>((resolve) => runner.stopAll(resolve));
    const [, child] = output().trim().split('\n').map(Number);
    await soon(() => expect(isAlive(child!)).toBe(false));
    expect(views).toEqual([]);
  });

  it('that stops with 100 is left alone', async () => {
    createRunner().configure([program('once', 'exit 100')]);
    await soon(() => expect(codes()).toEqual(['service-started', 'service-finished']));
    expect(views).toMatchObject([{ phase: 'finished' }]);
  });

  it('that cannot be run says why', async () => {
    const runner = createRunner();
    runner.configure([{ kind: 'respawn', user: 'root', file: join(directory, 'none'), args: [] }]);
    await soon(() => expect(logged[0]).toMatchObject({ code: 'service-not-started', fields: { reason: 'ENOENT' } }));
    runner.configure([{ kind: 'respawn', user: 'nobody-here', file: '/bin/true', args: [] }]);
    await soon(() => expect(codes().filter((code) => code === 'service-not-started').length).toBe(2));
    expect(logged.at(-1)?.fields['reason']).toContain('nobody-here');
  });

  it('of failfast that dies asks for the reboot, and says when there was none', async () => {
    createRunner().configure([program('vital', 'exit 3', 'failfast')]);
    await soon(() => expect(views).toMatchObject([{ phase: 'reboot-failed' }]));
    expect(reboots).toBe(1);
    expect(codes()).toContain('service-failfast');
  });

  it.skipIf(process.geteuid?.() !== 0)(
    'runs as another user with all groups of that user, and nothing of root is left',
    async () => {
      const proof = `grep -E '^(Uid|Gid|Groups|CapEff|CapPrm):' /proc/self/status > ${directory}/shared/out`;
      const shared = join(directory, 'shared');
      createRunner({ uid: 65534, gid: 65534, groups: [65534, 4, 27] });
      mkdirSync(shared);
      chmodSync(shared, 0o777);
      chmodSync(directory, 0o755);
      runners[0]!.configure([program('who', `${proof}\nsleep 100`)]);
      const read = (): string => {
        try {
          return readFileSync(join(shared, 'out'), 'utf8').replace(/\s+/g, ' ');
        } catch {
          return '';
        }
      };
      await soon(() => expect(read()).toContain('CapEff'));
      expect(read()).toBe(
        'Uid: 65534 65534 65534 65534 Gid: 65534 65534 65534 65534 Groups: 4 27 65534 CapPrm: 0000000000000000 CapEff: 0000000000000000 ',
      );
      expect(process.geteuid?.()).toBe(0);
    },
  );
});

describe('a new agent host', () => {
  it('ends what a dead one left running before it starts the same again', async () => {
    const left = spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' });
    createServiceRecord(join(directory, 'services.json')).write([left.pid!]);
    createRunner().configure([program('loop', 'exec sleep 1000')]);
    await soon(() => expect(codes()).toEqual(['services-left-behind', 'service-started']));
    expect(left.signalCode).toBe('SIGTERM');
    expect(isAlive(pidOf())).toBe(true);
  });
});
