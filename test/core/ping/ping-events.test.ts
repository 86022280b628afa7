/** What hooks are told of ping nodes, compared with what a real node told them (test/data/heartbeat-3.0.6/ipfail.json). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ClusterEvent } from '../../../src/core/cluster-events.ts';
import type { PingNodeOptions } from '../../../src/core/ping/ping-nodes.ts';
import { LoneNode, ms } from '../lone-node.ts';

const recorded = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../data/heartbeat-3.0.6/ipfail.json'), 'utf8'),
) as {
  readonly hooks: readonly (readonly string[])[];
};

const address = '192.168.1.200';
const pingNode: PingNodeOptions = {
  name: address,
  kind: 'ping',
  targets: [{ address, family: 4 }],
  intervalUs: ms(100),
  deadUs: ms(300),
  listed: true,
};

/** Without what the hook runner adds to every call, and what only a real ping message has. */
function fieldsOf(lines: readonly string[]): Record<string, string> {
  const pairs = lines.slice(1).map((line) => line.replace(/^HA_/, '').split('=') as [string, string]);
  return Object.fromEntries(pairs.filter(([name]) => !['CURHOST', 'OSTATUS', 'seq'].includes(name)));
}

const ofAddress = (fields: Record<string, string>): boolean => fields['src'] === address || fields['node'] === address;

describe('hooks', () => {
  it('are told of a ping node as by a real node: up, dead, up again', () => {
    const node = LoneNode.settled({ reach: { pingNodes: [pingNode], ipfail: false, pingd: [] } });
    const told: ClusterEvent[] = [];
    const hear = (): void => {
      for (const effect of node.effects) if (effect.type === 'clusterEvent') told.push(effect.event);
      node.forget();
    };
    node.give({ type: 'pingAnswer', address });
    hear();
    node.pass(500);
    hear();
    node.give({ type: 'pingAnswer', address });
    hear();
    const ours = told.map(({ fields }) => ({ ...fields })).filter(ofAddress);
    const theirs = recorded.hooks.map(fieldsOf).filter(ofAddress).slice(0, ours.length);
    expect(ours).toHaveLength(4);
    expect(ours).toEqual(theirs);
    expect(told.filter(({ fields }) => ofAddress(fields)).map(({ formerStatus }) => formerStatus)).toEqual(
      Array(4).fill('active'),
    );
  });
});
