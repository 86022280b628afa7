import { expect, it } from 'vitest';
import type { StatusReport } from '../../src/protocol/status.ts';
import { careText } from '../../src/tools/pairbeat/care-text.ts';
import { healthy } from './fixtures.ts';
import { run } from './run-command.ts';

async function shown(status: Partial<StatusReport>): Promise<string> {
  const { out } = await run(async (terminal) => {
    terminal.out(careText(terminal, { ...healthy, ...status }));
    return 0;
  });
  return out;
}

it('says nothing where there is nothing', async () => expect(await shown({})).toBe(''));

it('lists programs with what they are doing', async () => {
  const text = await shown({
    services: [
      { kind: 'respawn', user: 'nagios', program: '/usr/local/bin/feed -i 5', phase: 'running' },
      { kind: 'failfast', user: 'root', program: '/usr/local/bin/vital', phase: 'given-up' },
      { kind: 'respawn', user: 'root', program: '/bin/once', phase: 'finished' },
    ],
  });
  expect(text.split('\n').map((line) => line.trim().split(/\s{2,}/))).toEqual([
    ['Program', 'User', 'State'],
    ['/usr/local/bin/feed -i 5', 'nagios', 'running'],
    ['/usr/local/bin/vital', 'root', 'given up, failfast'],
    ['/bin/once', 'root', 'finished (exit code 100)'],
    [''],
  ]);
});

it('says what the watchdog will do', async () => {
  const device = '/dev/watchdog';
  expect(await shown({ watchdog: { device, state: 'armed', timeoutSeconds: 31 } })).toBe(
    'Watchdog /dev/watchdog armed: resets this machine 31 s after the last keepalive.\n',
  );
  expect(await shown({ watchdog: { device, state: 'unavailable', reason: 'EBUSY' } })).toBe(
    'Watchdog /dev/watchdog does not guard this machine (EBUSY).\n',
  );
});
