import { describe, expect, test } from 'vitest';
import type { ServiceConfiguration } from '../../../src/core/config/configuration.ts';
import type { ServiceEffect, ServiceEnd } from '../../../src/core/services/service.ts';
import { createServices, identify, servicesDeadline, stepServices } from '../../../src/core/services/services.ts';

const second = 1_000_000;
const program = (file: string, kind: 'respawn' | 'failfast' = 'respawn'): ServiceConfiguration => ({
  kind,
  user: 'root',
  file,
  args: [],
});
const exited = (exitCode: number): ServiceEnd => ({ kind: 'exited', exitCode });

/** Plays events at given seconds; what comes out is a short text per effect. */
function scene(...services: ServiceConfiguration[]) {
  const state = createServices();
  let nowUs = 0;
  const id = (file: string): string => identify(services).find(({ configuration }) => configuration.file === file)!.id;
  const name = (effectId: string): string => /"([^"]+)"/.exec(effectId)![1]!;
  const text = (effect: ServiceEffect): string => {
    if (effect.type === 'log') return effect.message.code;
    return effect.type === 'signal' ? `${effect.signal} ${name(effect.id)}` : `${effect.type} ${name(effect.id)}`;
  };
  const step = (event: Parameters<typeof stepServices>[1]): string[] => stepServices(state, event, nowUs).map(text);
  return {
    state,
    configure: (...wanted: ServiceConfiguration[]) => step({ type: 'configured', services: wanted }),
    ends: (file: string, end: ServiceEnd, afterSeconds = 0) => {
      nowUs += afterSeconds * second;
      return step({ type: 'ended', id: id(file), end });
    },
    /** To the next deadline. */
    timer: () => {
      nowUs = servicesDeadline(state)!;
      return step({ type: 'timer' });
    },
    retry: () => step({ type: 'retry' }),
    rebootFailed: (file: string) => step({ type: 'rebootFailed', id: id(file) }),
    phases: () => state.list.map(({ phase }) => phase),
  };
}

describe('respawn', () => {
  test('starts in the order of the lines, and what runs already is not started again', () => {
    const [a, b, c] = [program('/a'), program('/b'), program('/c')];
    const one = scene(a, b, c);
    expect(one.configure(a, b)).toEqual(['spawn /a', 'spawn /b']);
    expect(one.configure(a, b, c)).toEqual(['spawn /c']);
    expect(one.configure(a, b, c)).toEqual([]);
  });

  test('equal lines are two programs', () => {
    const a = program('/a');
    const one = scene(a);
    expect(one.configure(a, a)).toEqual(['spawn /a', 'spawn /a']);
    expect(one.configure(a)).toEqual(['SIGTERM /a']);
  });

  test('starts again at once after a long life, after a second after a short one', () => {
    const one = scene(program('/a'));
    one.configure(program('/a'));
    expect(one.ends('/a', exited(0), 30)).toEqual(['service-ended', 'spawn /a']);
    expect(one.ends('/a', { kind: 'signalled', signal: 'SIGKILL' }, 29)).toEqual(['service-ended']);
    expect(one.timer()).toEqual(['spawn /a']);
  });

  test('exit code 100 is never started again', () => {
    const one = scene(program('/a'));
    one.configure(program('/a'));
    expect(one.ends('/a', exited(100))).toEqual(['service-finished']);
    expect(one.phases()).toEqual(['finished']);
    expect(servicesDeadline(one.state)).toBeUndefined();
    expect(one.retry()).toEqual([]);
  });

  test('the eleventh short life in a row is the last; one long life begins the count anew', () => {
    const one = scene(program('/a'));
    one.configure(program('/a'));
    const shortLives = (count: number): string[] => {
      let last: string[] = [];
      for (let life = 0; life < count; life++) {
        last = one.ends('/a', exited(1), 1);
        if (last[0] === 'service-ended') one.timer();
      }
      return last;
    };
    expect(shortLives(10)).toEqual(['service-ended']);
    one.ends('/a', exited(1), 31);
    expect(shortLives(10)).toEqual(['service-ended']);
    expect(shortLives(1)).toEqual(['service-too-fast']);
    expect(one.phases()).toEqual(['given-up']);
    expect(one.retry()).toEqual(['spawn /a']);
    expect(shortLives(10)).toEqual(['service-ended']);
  });

  test('a program that cannot be started is tried as often as one that dies at once', () => {
    const one = scene(program('/a'));
    one.configure(program('/a'));
    for (let attempt = 1; attempt <= 10; attempt++) {
      expect(one.ends('/a', { kind: 'not-started', reason: 'ENOENT' })).toEqual(['service-not-started']);
      one.timer();
    }
    expect(one.ends('/a', { kind: 'not-started', reason: 'ENOENT' })).toEqual(['service-too-fast']);
  });
});

describe('failfast', () => {
  test.each([exited(1), exited(255), { kind: 'signalled', signal: 'SIGSEGV' }] as const)('%j reboots', (end) => {
    const one = scene(program('/a', 'failfast'));
    one.configure(program('/a', 'failfast'));
    expect(one.ends('/a', end, 1000)).toEqual(['service-failfast', 'reboot /a']);
    expect(one.rebootFailed('/a')).toEqual([]);
    expect(one.phases()).toEqual(['reboot-failed']);
  });

  test('exit code 0 starts it again, 100 leaves it alone, and never started is no death', () => {
    const one = scene(program('/a', 'failfast'));
    one.configure(program('/a', 'failfast'));
    expect(one.ends('/a', exited(0), 60)).toEqual(['service-ended', 'spawn /a']);
    expect(one.ends('/a', { kind: 'not-started', reason: 'ENOENT' })).toEqual(['service-not-started']);
    one.timer();
    expect(one.ends('/a', exited(100))).toEqual(['service-finished']);
  });

  test('being stopped is no death', () => {
    const one = scene(program('/a', 'failfast'));
    one.configure(program('/a', 'failfast'));
    expect(one.configure()).toEqual(['SIGTERM /a']);
    expect(one.ends('/a', { kind: 'signalled', signal: 'SIGTERM' })).toEqual(['service-stopped']);
    expect(one.phases()).toEqual([]);
  });
});

describe('stopping', () => {
  test('goes from the last to the first, each after the one before has ended', () => {
    const all = [program('/a'), program('/b'), program('/c')];
    const one = scene(...all);
    one.configure(...all);
    expect(one.configure()).toEqual(['SIGTERM /c']);
    expect(one.ends('/c', exited(0))).toEqual(['service-stopped', 'SIGTERM /b']);
    expect(one.ends('/a', exited(0))).toEqual(['service-stopped']);
    expect(one.ends('/b', exited(0))).toEqual(['service-stopped']);
    expect(one.phases()).toEqual([]);
  });

  test('one that does not end is killed, and one that not even that ends does not hold up the others', () => {
    const all = [program('/a'), program('/b')];
    const one = scene(...all);
    one.configure(...all);
    one.configure();
    expect(one.timer()).toEqual(['SIGKILL /b', 'service-killed']);
    expect(one.timer()).toEqual(['service-stays', 'SIGTERM /a']);
    expect(one.phases()).toEqual(['stopping']);
  });

  test('what does not run is simply forgotten', () => {
    const all = [program('/a'), program('/b')];
    const one = scene(...all);
    one.configure(...all);
    one.ends('/a', exited(100));
    one.ends('/b', exited(1));
    expect(one.configure()).toEqual([]);
    expect(one.phases()).toEqual([]);
  });

  test('wanted again meanwhile: started when it has ended, or not stopped at all', () => {
    const all = [program('/a'), program('/b')];
    const one = scene(...all);
    one.configure(...all);
    one.configure();
    expect(one.configure(...all)).toEqual([]);
    expect(one.phases()).toEqual(['running', 'stopping']);
    expect(one.ends('/b', exited(0))).toEqual(['service-stopped', 'spawn /b']);
  });
});
