/** The judges of the peers tests must be able to condemn. */
import { describe, expect, it } from 'vitest';
import { merged, ofEitherSide, unknownComplaints } from './log-judge.ts';
import { complaints, parseLog, templateOf } from './log-lines.ts';
import { overlaps, type ServiceSpell, spellsOf } from './services.ts';

const log = `Nov 25 13:24:12 node1 heartbeat: [16]: WARN: Initial dead time [6000 ms] may be too small!
Nov 25 13:24:12 node1 heartbeat: [16]: info: Link node2:eth1 up.
2026/11/25_13:24:22  ResourceManager(default)[234]:    ERROR: Return code 1 from /etc/ha.d//resource.d/httpd
2026/11/25_13:24:22  ip-request-resp(default)[215]:    received ip-request-resp 192.168.1.100/24/eth0 OK yes
Nov 25 13:24:22 node1 heartbeat: [16]: WARN: MSG[3] : [(1)srcuuid=0x55d0(36 27)]
Nov 25 13:24:22 node1 heartbeat: [16]: WARN: Gmain_timeout_dispatch: Dispatch function for send local status took too long to execute: 90 ms (> 50 ms) (GSource: 0x55)
Nov  5 03:04:12 node1 heartbeat: [16]: CRIT: Cluster node node2 returning after partition.
`;

describe('the log of a real node', () => {
  it('complains in lines of the daemon and of its scripts', () => {
    expect(complaints(parseLog(log)).map(templateOf)).toEqual([
      'WARN: Initial dead time [NUMBER ms] may be too small!',
      'ERROR: Return code NUMBER from /etc/ha.d//resource.d/SERVICE',
      'WARN: MSG: a packet, dumped',
      'CRIT: Cluster node NODE returning after partition.',
    ]);
  });

  it('has the same template whatever the names and numbers are', () => {
    const template = (text: string) => templateOf({ level: 'WARN', text });
    expect(template('3 lost packet(s) for [node1] [17:21]')).toBe(template('1 lost packet(s) for [node2] [5:7]'));
    expect(template('node node1: is dead')).not.toBe(template('node node1: is alive'));
  });
});

describe('the comparison with what real nodes say about each other', () => {
  const known = { node1: { 'WARN: late': 2 }, node2: {} };

  it('accepts what is known', () => {
    expect(unknownComplaints({ node1: { 'WARN: late': 3 }, node2: {} }, known)).toEqual([]);
  });

  it('condemns a new complaint, one of the other node, and a flood', () => {
    expect(unknownComplaints({ node1: { 'ERROR: new': 1 }, node2: { 'WARN: late': 1 } }, known)).toHaveLength(2);
    expect(unknownComplaints({ node1: { 'WARN: late': 50 } }, known)).toHaveLength(1);
    expect(unknownComplaints({ node1: { 'WARN: late': 1 } }, undefined)).toHaveLength(1);
  });

  it('measures each node by both where chance decides who complains', () => {
    expect(unknownComplaints({ node2: { 'WARN: late': 1 } }, ofEitherSide(known))).toEqual([]);
    expect(unknownComplaints({ node2: { 'ERROR: new': 1 } }, ofEitherSide(known))).toHaveLength(1);
  });

  it('keeps the highest count of several recordings', () => {
    expect(merged(known, { node1: { 'WARN: late': 1, 'WARN: other': 1 } })).toEqual({
      node1: { 'WARN: late': 2, 'WARN: other': 1 },
      node2: {},
    });
  });
});

describe('services that ran on both hosts', () => {
  const spell = (host: string, fromUs: number, toUs: number, service = 'httpd'): ServiceSpell => ({
    host,
    service,
    fromUs,
    toUs,
  });

  it('are found', () => {
    expect(overlaps([spell('node1', 0, 500_000)], [spell('node2', 400_000, 900_000)])).toEqual([
      'httpd ran on node1 and node2 for 100 ms',
    ]);
  });

  it('run until they are stopped, the power is cut, or now', () => {
    const at = (atUs: number, action: string) => ({ atUs, service: 'httpd', action });
    const actions = [at(10, 'start'), at(20, 'stop-failed'), at(30, 'stop'), at(40, 'start'), at(70, 'start')];
    expect(spellsOf('node1', actions, [60], 90).map(({ fromUs, toUs }) => [fromUs, toUs])).toEqual([
      [10, 30],
      [40, 60],
      [70, 90],
    ]);
  });

  it('are not two services, nor one after the other by a clock of hundredths', () => {
    expect(overlaps([spell('node1', 0, 500_000)], [spell('node2', 0, 900_000, 'ftpd')])).toEqual([]);
    expect(overlaps([spell('node1', 0, 500_000)], [spell('node2', 490_000, 900_000)])).toEqual([]);
  });
});
