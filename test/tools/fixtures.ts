/** Status reports as a daemon gives them, for the golden texts: a healthy pair, and everything gone wrong at once. */
import type { TimelineReport } from '../../src/protocol/schemas.ts';
import type { FailoverReport, StatusReport } from '../../src/protocol/status.ts';

const crash: FailoverReport = {
  kind: 'crash',
  from: 'node1',
  agoMs: 185_000,
  groups: ['192.168.1.100'],
  phases: [
    { name: 'detect', startMs: 0, endMs: 28.1 },
    { name: 'decide', startMs: 28.1, endMs: 28.3 },
    { name: 'start', startMs: 28.3, endMs: 30.9 },
    { name: 'announce', startMs: 30.9, endMs: 31.2 },
  ],
  protection: 'UNPROTECTED',
  totalMs: 31.2,
};

export const healthy: StatusReport = {
  apiVersion: '1',
  product: { name: 'pairbeat', version: '0.1.0' },
  node: 'node1',
  generation: 1700000001,
  uptimeMs: 86_400_000,
  pid: 4711,
  hostPid: 4712,
  configuration: {
    directory: '/etc/ha.d',
    digest: 'ab12'.repeat(16),
    keepaliveMs: 2000,
    deadtimeMs: 30_000,
    autoFailback: 'on',
  },
  protection: {
    state: 'UNPROTECTED',
    reason: 'node2 takes over when node1 falls silent, without a proof that node1 has stopped.',
    advice: 'Use two independent links, so that a cut cable is not taken for a dead node.',
  },
  resourceStatus: 'local',
  nodes: [
    {
      name: 'node1',
      self: true,
      uuid: '11111111-1111-4111-8111-111111111111',
      status: 'active',
      generation: 1700000001,
      deadtimeMs: 30_000,
      product: 'pairbeat',
      configurationDigest: 'ab12ab12ab12ab12',
      links: [],
    },
    {
      name: 'node2',
      self: false,
      uuid: '22222222-2222-4222-8222-222222222222',
      status: 'active',
      generation: 1700000002,
      lastHeardMs: 412,
      deadtimeMs: 30_000,
      product: 'pairbeat',
      configurationDigest: 'ab12ab12ab12ab12',
      links: [
        { link: 'bcast/eth0', device: 'eth0', up: true, lastHeardMs: 412 },
        { link: 'ucast/eth1/10.0.9.121', device: 'eth1', up: true, lastHeardMs: 413 },
      ],
    },
  ],
  groups: [
    {
      key: '192.168.1.100',
      owner: 'node1',
      resources: ['192.168.1.100/24/eth0', 'httpd'],
      holdings: { node1: 'running', node2: 'stopped' },
      peerStatementMs: 412,
      because: 'node2 said that it does not run it.',
    },
  ],
  weakAuthentication: [],
  alarms: [],
  counters: {},
};

export const troubled: StatusReport = {
  ...healthy,
  node: 'node2',
  protection: {
    state: 'CANNOT FAIL OVER',
    reason: 'node1 is silent: nobody is there to take over from node2.',
    advice: 'Bring node1 back.',
  },
  resourceStatus: 'all',
  nodes: [
    { ...healthy.nodes[1]!, self: true, links: [], configurationDigest: 'cd34cd34cd34cd34' },
    {
      ...healthy.nodes[0]!,
      self: false,
      status: 'dead',
      product: 'heartbeat',
      lastHeardMs: 45_000,
      links: [
        { link: 'bcast/eth0', device: 'eth0', up: false, lastHeardMs: 45_000 },
        { link: 'ucast/eth1/10.0.9.103', device: 'eth1', up: false },
      ],
    },
  ],
  groups: [
    {
      key: '192.168.1.100',
      owner: 'node1',
      resources: ['192.168.1.100/24/eth0', 'httpd'],
      holdings: { node2: 'running', node1: 'running' },
      peerStatementMs: 45_000,
      because: 'node1 fell silent for 30000 ms; nothing proves that it has stopped.',
    },
    {
      key: '192.168.1.101',
      owner: 'node2',
      resources: ['192.168.1.101'],
      holdings: { node2: 'stop-failed', node1: 'unknown' },
      lastFailure: 'stop of httpd failed: still running after 60 s',
    },
  ],
  weakAuthentication: ['key 1 signs with crc: anybody on the network can forge packets'],
  alarms: [{ code: 'group-stop-failed', text: '192.168.1.101 could not be stopped.', ageMs: 3_600_000 }],
  split: { sinceMs: 600_000, groups: ['192.168.1.100'], text: '192.168.1.100 ran on both nodes for 3000 ms.' },
  lastFailover: crash,
};

export const timeline: TimelineReport = {
  failovers: [
    crash,
    {
      ...crash,
      kind: 'standby',
      agoMs: 400_000,
      groups: [],
      protection: '',
      phases: [
        { name: 'detect', startMs: 0, endMs: 0 },
        { name: 'stop', startMs: 0, endMs: 4.4 },
      ],
      totalMs: 4.4,
    },
    {
      ...crash,
      kind: 'standby',
      agoMs: 90_000_000,
      phases: [
        { name: 'stop', startMs: 0, endMs: 1.2 },
        { name: 'start', startMs: 1.2, endMs: 3.4 },
      ],
      totalMs: 3.4,
      protection: 'PROTECTED',
    },
  ],
  entries: [
    { agoMs: 185_100, text: 'node1 has been silent for 30 ms.' },
    {
      agoMs: 185_000,
      text: '192.168.1.100 started here: node1 fell silent, nothing proves that it has stopped (UNPROTECTED).',
    },
  ],
};

export const parameters = { keepalive: '2', deadtime: '30', udpport: '694', auto_failback: 'on' };

/** Somebody works on one group, and another one keeps failing. */
export const watched: StatusReport = {
  ...healthy,
  groups: [
    {
      ...healthy.groups[0]!,
      unmanaged: { node: 'node1', who: 'alice (pid 4711) on oper.sock', at: '2026-01-02T03:04:05Z' },
      monitoring: { failures: 0, failuresMax: 3, restarts: 0, resources: [] },
    },
    {
      ...healthy.groups[0]!,
      key: 'db',
      resources: ['db', 'mute', 'slow'],
      monitoring: {
        failures: 2,
        failuresMax: 3,
        restarts: 2,
        resources: [
          { resource: 'db', status: 'stopped', ageMs: 400 },
          { resource: 'mute', status: 'unreliable', ageMs: 1200 },
          { resource: 'slow', status: 'unknown', ageMs: 61_000 },
        ],
      },
    },
    { ...healthy.groups[0]!, key: 'web', unmanaged: { node: 'node2' } },
  ],
};
