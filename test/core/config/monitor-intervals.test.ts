import { describe, expect, it } from 'vitest';
import { parse } from './parsing.ts';

const monitoring = (pairbeatConf: string) => parse({ pairbeatConf });

describe('monitor_interval_of', () => {
  it('sets the interval of a resource, a group or a type', () => {
    const { configuration, findings } = monitoring('monitor_interval 5\nmonitor_interval_of IPaddr 500ms\n');
    expect(findings.filter(({ code }) => code.startsWith('monitor'))).toEqual([]);
    expect(configuration?.tuning.monitoring).toMatchObject({ intervalMs: 5000, intervalsMs: { IPaddr: 500 } });
  });

  it.each([
    ['monitor_interval_of IPadr 5', 'monitor-interval-unknown'],
    ['monitor_interval_of IPaddr', 'arguments-missing'],
    ['monitor_interval_of IPaddr 5s', 'value-time'],
    ['monitor_interval_of IPaddr 5 6', 'words-ignored'],
    ['monitor_failures 0', 'value-integer'],
  ])('%s: %s', (line, code) => {
    expect(monitoring(`${line}\n`).findings.map((finding) => finding.code)).toContain(code);
  });
});
