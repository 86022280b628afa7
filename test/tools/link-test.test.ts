/** What an administrator reads after a test of the links: every verdict once, and the exit code. */
import { afterEach, expect, it } from 'vitest';
import { failure, success } from '../../src/core/result.ts';
import type { LinkTestLink, LinkTestReport } from '../../src/protocol/link-test.ts';
import type { PairbeatServices } from '../../src/tools/pairbeat/command.ts';
import { judgeLinks } from '../../src/tools/pairbeat/link-test-text.ts';
import { runPairbeat } from '../../src/tools/pairbeat/pairbeat.ts';
import { type FakeDaemon, startFakeDaemon } from './fake-daemon.ts';
import { expectGolden, run, transcribe } from './run-command.ts';

const daemons: FakeDaemon[] = [];
afterEach(async () => {
  for (const daemon of daemons.splice(0)) await daemon.end();
});

const trip = { least: 0.21, median: 0.34, most: 2.5 };
const good: LinkTestLink = {
  link: 'bcast/eth0',
  device: 'eth0',
  sent: 100,
  reached: 100,
  answered: 100,
  late: 0,
  roundTripMs: trip,
  heard: 12,
  expected: 12,
};
const { reached: _reached, roundTripMs: _trip, ...unanswered } = { ...good, answered: 0 };
const report: LinkTestReport = {
  node: 'node1',
  peer: 'node2',
  product: 'pairbeat',
  durationMs: 10_000,
  keepaliveMs: 2000,
  deadtimeMs: 30_000,
  links: [good, { ...good, link: 'ucast/eth1/10.0.9.121', device: 'eth1' }],
};

const every: LinkTestReport = {
  ...report,
  links: [
    good,
    { ...good, link: 'ucast/eth1/10.0.9.121', device: 'eth1', reached: 97, answered: 96 },
    { ...good, link: 'ucast6/eth1/fe80::8', device: 'eth1', reached: 60, answered: 20 },
    { ...unanswered, link: 'mcast/eth2/225.0.0.1', device: 'eth2', heard: 0 },
    { ...unanswered, link: 'bcast/eth3', device: 'eth3', reached: 0 },
    { ...unanswered, link: 'mcast6/eth4/ff12::694', device: 'eth4', reached: 100, heard: 0 },
    {
      ...good,
      link: 'serial/dev/ttyS0',
      device: '/dev/ttyS0',
      sent: 3,
      reached: 3,
      answered: 3,
      late: 3,
      roundTripMs: { least: 9000, median: 15_200, most: 16_000 },
    },
  ],
};
const beside: LinkTestReport = {
  ...report,
  product: 'heartbeat',
  links: [good, { ...good, link: 'bcast/eth1', device: 'eth1', heard: 5 }].map((link) => {
    const { reached: _r, roundTripMs: _t, ...rest } = link;
    return { ...rest, sent: 0, answered: 0 };
  }),
};
const unheard: LinkTestReport = {
  ...report,
  product: 'unknown',
  links: [{ ...unanswered, sent: 0, heard: 0, expected: 0 }],
};

const services = (alone: PairbeatServices['testLinksAlone']): PairbeatServices =>
  ({ version: '0.1.0', testLinksAlone: alone }) as PairbeatServices;

it('says what is wrong with which link and what to do', async () => {
  let transcript = '';
  for (const [name, answer] of Object.entries({ sound: report, every, beside, unheard })) {
    const daemon = await startFakeDaemon({ linkTest: success(answer) });
    daemons.push(daemon);
    const argv = ['link-test', '--run-dir', daemon.runDir];
    const ran = await run((terminal) =>
      runPairbeat(
        argv,
        terminal,
        services(async () => failure('usage')),
      ),
    );
    transcript += transcribe(`pairbeat link-test # ${name}`, ran);
  }
  expectGolden('link-test', transcript);
});

it('without a daemon it tests by itself, on a port of its own', async () => {
  const nobody = services(async (_haDir, { port }) => failure('link-test-nobody', { peer: 'node2', port }));
  const alone = services(async (_haDir, { port }) => success({ ...report, sidePort: port }));
  const line = ['link-test', '--run-dir', '/nonexistent/heartbeat'];
  const ran = [
    await run((terminal) => runPairbeat(line, terminal, nobody)),
    await run((terminal) => runPairbeat([...line, '--port', '7000'], terminal, alone)),
  ];
  expectGolden('link-test-alone', ran.map((one) => transcribe('pairbeat link-test', one)).join(''));
});

it('judges by how often all keepalives of a deadtime would be lost', () => {
  const lossy = { ...good, reached: 80, answered: 80 };
  const [patient] = judgeLinks({ ...report, links: [lossy] });
  const [hasty] = judgeLinks({ ...report, links: [lossy], deadtimeMs: 5000 });
  expect([patient!.carries, hasty!.carries]).toEqual([true, false]);
});
