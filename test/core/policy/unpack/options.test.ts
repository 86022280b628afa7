/** Cluster options of either vocabulary, understood. */
import { describe, expect, it } from 'vitest';
import { meta, pairs, primitive, resourceOf, rule, unpacked, warningsOf } from './unpacked.ts';

const optionsOf = (values: Record<string, string>, attributes = '') =>
  unpacked({ properties: pairs(values), attributes }).options;

describe('a cluster option', () => {
  it('has its default when nothing is said', () => {
    expect(optionsOf({})).toMatchObject({
      noQuorumPolicy: 'stop',
      symmetricCluster: true,
      fencingEnabled: true,
      fencingAction: 'reboot',
      fencingTimeoutMs: 60_000,
      startupFencing: true,
      maintenanceMode: false,
      stopOrphanResources: true,
      startFailureIsFatal: true,
      placementStrategy: 'default',
      nodeHealthStrategy: 'none',
      nodeHealthRed: -1_000_000,
    });
  });

  it('is known by the names of both vocabularies; the newer one holds', () => {
    expect(optionsOf({ 'fencing-enabled': 'no', 'fencing-action': 'off' })).toMatchObject({
      fencingEnabled: false,
      fencingAction: 'off',
    });
    expect(optionsOf({ 'stonith-enabled': 'yes', 'fencing-enabled': 'no' }).fencingEnabled).toBe(false);
    expect(optionsOf({ 'stonith-action': 'poweroff' }).fencingAction).toBe('off');
  });

  it('that cannot be understood has its default, and that is said once', () => {
    const cluster = unpacked({ properties: pairs({ 'symmetric-cluster': 'maybe', 'no-quorum-policy': 'pray' }) });
    expect(cluster.options).toMatchObject({ symmetricCluster: true, noQuorumPolicy: 'stop' });
    expect(cluster.warnings).toEqual([
      expect.objectContaining({
        code: 'cluster-option-not-understood',
        fields: expect.objectContaining({ value: 'pray' }) as object,
      }),
      expect.objectContaining({ fields: { option: 'symmetric-cluster', value: 'maybe', default: 'true' } }),
    ]);
  });

  it('may hold by a rule', () => {
    const always = rule('<date_expression id="since" operation="gt" start="2001-01-01"/>');
    const text = `</cluster_property_set><cluster_property_set id="later" score="5">${always}${pairs({ 'maintenance-mode': 'true' })}`;
    expect(unpacked({ properties: text }).options.maintenanceMode).toBe(true);
  });

  it('of the bootstrap set goes before every other set', () => {
    const text = `${pairs({ 'batch-limit': '1' })}</cluster_property_set><cluster_property_set id="later" score="5">${pairs({ 'batch-limit': '2' })}`;
    expect(unpacked({ properties: text }).options.raw.get('batch-limit')).toBe('1');
  });
});

describe('no-quorum-policy=suicide', () => {
  it('is stop without fencing', () => {
    const cluster = unpacked({ properties: pairs({ 'no-quorum-policy': 'suicide', 'stonith-enabled': 'false' }) });
    expect(cluster.options.noQuorumPolicy).toBe('stop');
    expect(warningsOf(cluster)).toContain('suicide-without-fencing');
  });

  it('is for a partition that has or once had quorum', () => {
    const properties = pairs({ 'no-quorum-policy': 'suicide' });
    expect(unpacked({ properties }).options.noQuorumPolicy).toBe('suicide');
    expect(unpacked({ properties, haveQuorum: '0' }).options.noQuorumPolicy).toBe('stop');
    const once = { properties, haveQuorum: '0', attributes: 'no-quorum-panic="1"' };
    expect(unpacked(once).options.noQuorumPolicy).toBe('suicide');
  });
});

describe('maintenance-mode', () => {
  it('takes every resource out of management', () => {
    const resources = primitive('web', meta({ 'is-managed': 'true' }));
    const web = resourceOf(unpacked({ properties: pairs({ 'maintenance-mode': 'true' }), resources }), 'web');
    expect(web).toMatchObject({ managed: false, maintenance: true });
  });
});
