import { expect, it } from 'vitest';
import type { ServiceConfiguration } from '../../src/core/config/configuration.ts';
import type { ServiceView } from '../../src/core/services/service.ts';
import { createDaemonAlarms } from '../../src/daemon/daemon-alarms.ts';
import { createDaemonServices } from '../../src/daemon/services.ts';

const a: ServiceConfiguration = { kind: 'respawn', user: 'root', file: '/a', args: [] };
const view = (phase: ServiceView['phase'], program = '/a'): ServiceView => ({
  kind: 'respawn',
  user: 'root',
  program,
  phase,
});

function scene() {
  let nowUs = 5;
  const said: string[] = [];
  const alarms = createDaemonAlarms({ nowUs: () => nowUs++ });
  const host = {
    runServices: (services: readonly ServiceConfiguration[]) => void said.push(services.map(({ file }) => file).join()),
    retryServices: () => void said.push('retry'),
  };
  return { said, alarms, services: createDaemonServices(host, alarms) };
}

it('says what is to run once for each list, also an empty one', () => {
  const { said, services } = scene();
  const list = [a];
  services.begin(list);
  services.begin(list);
  services.begin([]);
  expect(said).toEqual(['/a', '']);
});

it('stops all, waits for that, and starts nothing any more', async () => {
  const { said, services } = scene();
  services.begin([a]);
  services.told([view('running')]);
  const stopped = services.stopAll(60_000);
  services.begin([a]);
  services.told([view('stopping')]);
  services.told([]);
  await stopped;
  expect(said).toEqual(['/a', '']);
});

it('does not wait longer than it is told to, and not at all for nothing', async () => {
  const { services } = scene();
  await services.stopAll(60_000);
  services.told([view('running')]);
  await services.stopAll(1);
});

it('keeps an alarm for each program that was given up, for as long as it is', () => {
  const { services, alarms } = scene();
  services.told([view('given-up'), view('given-up', '/b'), view('running', '/c')]);
  const [first] = alarms.list();
  services.told([view('given-up'), view('running', '/b')]);
  expect(alarms.list()).toEqual([first]);
  expect(first?.problem).toEqual({ code: 'service-given-up', fields: { subject: '/a' } });
  services.told([]);
  expect(alarms.list()).toEqual([]);
});
