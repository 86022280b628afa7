import { afterEach, describe, expect, it, vi } from 'vitest';
import { failure, type Problem, success } from '../../src/core/result.ts';
import type { Caller, VerbCall } from '../../src/daemon/control/control-server.ts';
import { createControlHandler } from '../../src/daemon/control-handler.ts';
import type { CommandProgress, Driver } from '../../src/daemon/driver.ts';
import { healthy } from '../tools/fixtures.ts';

const refusal = failure('nothing-to-give', { scope: 'all' }).problem;

function handlerWith(progress: CommandProgress = done()) {
  const driver = { command: vi.fn(() => progress), requestStop: vi.fn() } as unknown as Driver;
  let nowMs = 1000;
  const status = vi.fn(() => healthy);
  const reloadKeys = vi.fn(() => Promise.resolve(success({ changed: true, signsWith: 1, accepts: [] })));
  const administration = {
    setNode: vi.fn(() => Promise.resolve(success(undefined))),
    addNodes: vi.fn(() => failure('third-node', { node: 'node3', self: 'node1', peer: 'node2' })),
    deleteNodes: vi.fn(() => success(undefined)),
  };
  const handle = createControlHandler({
    driver,
    administration,
    ...{ self: 'node1', peer: 'node2', hasClient: (name: string) => name === 'ipfail' },
    status,
    configuration: () => ({ node: 'node1', digest: 'ab', meaning: ['keepalive 1'] }),
    probeFence: () => Promise.resolve(failure('fencing-not-configured')),
    linkTest: () => Promise.resolve(failure('link-test-running')),
    reloadKeys,
    parameters: () => ({ keepalive: '2' }),
    reload: () => Promise.resolve(failure('reload-refused')),
    restart: () => Promise.resolve(success({ state: 'accepted' as const })),
    timeline: (count) => ({ failovers: [], entries: [{ agoMs: count, text: 'count' }] }),
    nowMs: () => {
      nowMs += 40;
      return nowMs;
    },
  });
  return { handle, driver, status, administration, reloadKeys };
}

function done(problem?: Problem): CommandProgress {
  return { accepted: Promise.resolve(problem), finished: Promise.resolve(problem) };
}

function call(verb: string, args: object = {}, gone = new AbortController().signal): VerbCall {
  const caller: Caller = { rights: 'admin', who: 'root (pid 1) on admin.sock', gone };
  return [verb, args, caller] as unknown as VerbCall;
}

afterEach(() => void vi.useRealTimers());

describe('the verbs of the control sockets', () => {
  it('that only ask are answered from what is there', async () => {
    const { handle } = handlerWith();
    expect(await handle(...call('status'))).toEqual(success(healthy));
    expect(await handle(...call('parameters'))).toEqual(success({ keepalive: '2' }));
    expect(await handle(...call('configuration'))).toMatchObject({ value: { meaning: ['keepalive 1'] } });
    expect(await handle(...call('timeline', { count: 7 }))).toMatchObject({ value: { entries: [{ agoMs: 7 }] } });
    expect(await handle(...call('timeline'))).toMatchObject({ value: { entries: [{ agoMs: 100 }] } });
  });

  it.each([
    ['standby', { scope: 'local' }, { verb: 'standby', scope: 'local' }],
    ['takeover', { scope: 'all' }, { verb: 'takeover', scope: 'all' }],
    ['manage', { group: 'web' }, { verb: 'manage', group: 'web' }],
    ['takeover', { scope: 'all', groups: ['web'] }, { verb: 'takeover', scope: 'all', groups: ['web'] }],
    ['cleanup', {}, { verb: 'cleanup' }],
    ['cleanup', { group: 'web' }, { verb: 'cleanup', group: 'web' }],
    ['acknowledgeSplit', {}, { verb: 'acknowledgeSplit' }],
  ])('%s %j reaches the core with the name of who asked', async (verb, args, command) => {
    const { handle, driver } = handlerWith();
    expect(await handle(...call(verb, args))).toMatchObject({ ok: true });
    expect(driver.command).toHaveBeenCalledExactlyOnceWith(command, 'root (pid 1) on admin.sock');
  });

  it('that move groups answer when accepted, or with `wait` when done, with the time it took', async () => {
    const never = new Promise<Problem | undefined>(() => {});
    const begun = handlerWith({ accepted: Promise.resolve(undefined), finished: never });
    expect(await begun.handle(...call('standby', { scope: 'all' }))).toEqual(success({ state: 'accepted' }));
    const waited = handlerWith();
    expect(await waited.handle(...call('standby', { scope: 'all', wait: true }))).toEqual(
      success({ state: 'done', durationMs: 40 }),
    );
  });

  it('that are refused, or fail at the end, say why', async () => {
    const refused = handlerWith(done(refusal));
    expect(await refused.handle(...call('standby', { scope: 'all' }))).toEqual({ ok: false, problem: refusal });
    const failed = handlerWith({ accepted: Promise.resolve(undefined), finished: Promise.resolve(refusal) });
    expect(await failed.handle(...call('takeover', { scope: 'all', wait: true }))).toEqual({
      ok: false,
      problem: refusal,
    });
  });

  it('`reloadKeys` reads authkeys again, for who asked', async () => {
    const { handle, reloadKeys } = handlerWith();
    expect(await handle(...call('reloadKeys', { dryRun: true }))).toMatchObject({ ok: true, value: { signsWith: 1 } });
    expect(reloadKeys).toHaveBeenCalledExactlyOnceWith({ dryRun: true, who: 'root (pid 1) on admin.sock' });
  });

  it('`stop` begins the graceful stop', async () => {
    const { handle, driver } = handlerWith();
    expect(await handle(...call('stop'))).toEqual(success({ state: 'accepted' }));
    expect(driver.requestStop).toHaveBeenCalledOnce();
  });

  it('`watch` gives a status now and twice a second, until the tool has gone', async () => {
    const { handle, status } = handlerWith();
    const gone = new AbortController();
    const stream = handle(...call('watch', {}, gone.signal)) as AsyncIterable<unknown>;
    const items: unknown[] = [];
    for await (const item of stream) {
      items.push(item);
      if (items.length === 2) gone.abort();
    }
    expect(items).toEqual([success(healthy), success(healthy)]);
    expect(status).toHaveBeenCalledTimes(2);
  });

  it('about nodes go to their administration, with the name of who asked', async () => {
    const { handle, administration } = handlerWith();
    const who = 'root (pid 1) on admin.sock';
    expect(await handle(...call('setNode', { node: 'node2', weight: '7' }))).toEqual(success({ state: 'done' }));
    expect(administration.setNode).toHaveBeenCalledWith({ node: 'node2', weight: '7' }, who);
    expect(await handle(...call('addNode', { nodes: ['node3'] }))).toMatchObject({ problem: { code: 'third-node' } });
    expect(await handle(...call('deleteNode', { nodes: ['node2'] }))).toEqual(success({ state: 'done' }));
    expect(administration.deleteNodes).toHaveBeenCalledWith(['node2'], who);
  });

  it('about helpers are answered from here, by the peer, or not in time', async () => {
    const asked = (node: string, client = 'ipfail', progress?: CommandProgress) =>
      handlerWith(progress).handle(...call('clientStatus', { node, client, timeoutMs: 20 }));
    expect(await asked('NODE1')).toEqual(success({ state: 'online' }));
    expect(await asked('node1', 'dopd')).toEqual(success({ state: 'offline' }));
    expect(await asked('node2')).toEqual(success({ state: 'online' }));
    const offline = failure('client-offline', { client: 'ipfail', node: 'node2' }).problem;
    expect(await asked('node2', 'ipfail', done(offline))).toEqual(success({ state: 'offline' }));
    expect(await asked('node2', 'ipfail', done(refusal))).toEqual({ ok: false, problem: refusal });
    expect(await asked('nosuch')).toMatchObject({ problem: { code: 'node-unknown' } });
    const never = new Promise<undefined>(() => {});
    const unanswered = { accepted: never, finished: never };
    expect(await asked('node2', 'ipfail', unanswered)).toMatchObject({ problem: { code: 'client-unanswered' } });
  });
});
