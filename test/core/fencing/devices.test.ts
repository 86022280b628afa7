/** Fence devices are asked before they are needed, and what they answer is told, once. */
import { describe, expect, it } from 'vitest';
import { healthOf, noteHealth, probeFenceDevices } from '../../../src/core/fencing/devices.ts';
import type { FencingSettings } from '../../../src/core/fencing/settings.ts';
import { LoneNode, node2 } from '../lone-node.ts';
import { fencing } from './fenced-pair.ts';

const devices = [
  { name: 'ipmi', type: 'external/ipmi' },
  { name: 'pdu', type: 'external/rackpdu' },
];
const hourMs = 3_600_000;

const booted = (changes: Partial<FencingSettings> = {}): LoneNode =>
  new LoneNode({ fencing: { ...fencing, devices, probeIntervalMs: hourMs, ...changes } }).boot();
const asked = (node: LoneNode): string[] => node.ofType('probeFenceDevice').map(({ device }) => device);
const answers = (node: LoneNode, device: string, ok: boolean): LoneNode => {
  node.give({ type: 'fenceDeviceProbed', device, ok, detail: ok ? '' : 'no route' });
  return node;
};
const alarm = 'fence-device-failing ipmi';

describe('fence devices', () => {
  it('are all asked at boot, about the peer, and again when the interval has passed', () => {
    const node = booted();
    expect(node.ofType('probeFenceDevice')).toEqual([
      { type: 'probeFenceDevice', device: 'ipmi', target: node2, timeoutMs: 10_000 },
      { type: 'probeFenceDevice', device: 'pdu', target: node2, timeoutMs: 10_000 },
    ]);
    node.heard().says().forget();
    expect(asked(node.pass(hourMs - 1000))).toEqual([]);
    expect(asked(node.pass(2000))).toEqual(['ipmi', 'pdu']);
  });

  it('are never asked where the interval is 0, and nobody waits where there is none', () => {
    expect(asked(booted({ probeIntervalMs: 0 }))).toEqual([]);
    expect([...booted({ probeIntervalMs: 0 }).state.timers.armed.keys()]).not.toContain('fence devices');
    expect([...booted({ devices: [] }).state.timers.armed.keys()]).not.toContain('fence devices');
    expect(asked(new LoneNode().boot())).toEqual([]);
    const never = answers(booted({ probeIntervalMs: 0 }), 'ipmi', false);
    expect([...never.state.timers.armed.keys()]).not.toContain('fence devices');
  });

  it('are not asked by a node that has left', () => {
    const node = booted().pass(1000);
    node.give({ type: 'stopRequested' });
    node.pass(5000).forget();
    expect(node.stage).toBe('left');
    expect(asked(node.pass(2 * hourMs))).toEqual([]);
  });

  it('that fail are an alarm and one line, are asked again after a minute, and one line tells that they work', () => {
    const node = answers(booted().heard().says().forget(), 'ipmi', false);
    expect(healthOf(node.state, 'ipmi')).toMatchObject({ state: 'failing', detail: 'no route' });
    expect(healthOf(node.state, 'pdu').state).toBe('unknown');
    expect(node.alarms).toContain(alarm);
    expect(node.logged).toEqual(['fence-device-failing']);
    expect(asked(node.pass(60_000))).toEqual(['ipmi', 'pdu']);
    answers(node, 'ipmi', false);
    expect(node.logged.filter((code) => code === 'fence-device-failing')).toHaveLength(1);
    answers(node, 'ipmi', true);
    answers(node, 'ipmi', true);
    expect(node.alarms).not.toContain(alarm);
    expect(healthOf(node.state, 'ipmi').state).toBe('ok');
    expect(node.logged.filter((code) => code === 'fence-device-works')).toHaveLength(1);
  });

  it('that work from the beginning are not worth a line', () => {
    const node = answers(booted().forget(), 'ipmi', true);
    expect(node.logged).toEqual([]);
    expect(healthOf(node.state, 'ipmi').state).toBe('ok');
  });

  it('that nobody has configured are not listened to', () => {
    const node = answers(booted(), 'foreign', false);
    expect(node.state.fencing.devices.size).toBe(0);
    expect(node.alarms).toEqual([]);
  });

  it('that a reload has taken away are forgotten, with their alarm; the others stay as they were', () => {
    const node = booted();
    noteHealth(node.state, 'ipmi', false, 'no route');
    noteHealth(node.state, 'pdu', true, '');
    node.state.options = {
      ...node.state.options,
      fencing: { ...fencing, devices: [devices[1]!], probeIntervalMs: hourMs },
    };
    probeFenceDevices(node.state);
    expect([...node.state.fencing.devices.keys()]).toEqual(['pdu']);
    expect(healthOf(node.state, 'pdu').state).toBe('ok');
    expect(node.alarms).not.toContain(alarm);
  });
});
