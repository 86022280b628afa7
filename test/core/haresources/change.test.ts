/** A part of a group that runs is stopped and started; the rest is not touched. */
import { describe, expect, it } from 'vitest';
import { changeGroup } from '../../../src/core/haresources/groups.ts';
import { answering, LoneNode, resourceOf, vip } from '../lone-node.ts';

const [address, apache] = vip.resources as [(typeof vip.resources)[0], (typeof vip.resources)[0]];
const second = resourceOf('10.0.0.2');

/** The change is begun by hand; what it asks for is answered as an agent host would. */
function changed(
  node: LoneNode,
  ...change: Parameters<typeof changeGroup> extends [unknown, unknown, ...infer R] ? R : never
) {
  const [group] = node.state.groups;
  node.state.effects = [];
  const [, resources] = change;
  if (resources !== undefined) group!.wanted = { ...group!.configuration, resources };
  changeGroup(node.state, group!, ...change);
  node.take(node.state.effects);
  return group!;
}

describe('a change of what runs', () => {
  it('starts what is added, in its place, with the word of a holder, and nothing else', () => {
    const node = LoneNode.settled();
    const group = changed(node, { stops: [], starts: [1], optional: [1] }, [address, second, apache]);
    expect(node.operations).toEqual(['start vip#1']);
    expect(node.evidence).toEqual(['vip#1 heldHere']);
    expect(node.ofType('operation')[0]?.operation).toMatchObject({ resource: second, careful: true });
    expect(node.letters).toBe('r-');
    expect(node.logged).toContain('group-changed');
    expect(group.configuration.resources).toEqual([address, second, apache]);
    expect(group.snapshot.context.size).toBe(3);
  });

  it('leaves out what does not start, and says so', () => {
    const node = LoneNode.settled();
    node.answer = answering({ 'start vip#1': 'failed' });
    const group = changed(node, { stops: [], starts: [1], optional: [1] }, [address, second, apache]);
    expect(node.operations).toEqual(['start vip#1', 'stop vip#1']);
    expect(node.letters).toBe('r-');
    expect(group.leftOut).toEqual(['10.0.0.2']);
    expect(node.alarms).toEqual(['resource-left-out vip 10.0.0.2']);
  });

  it('restarts a part, and gives the group up when that fails', () => {
    const node = LoneNode.settled();
    changed(node, { stops: [1], starts: [1], optional: [] });
    expect(node.operations).toEqual(['stop vip#1', 'start vip#1']);
    expect(node.letters).toBe('r-');
    node.forget().answer = answering({ 'start vip#1': 'failed' });
    changed(node, { stops: [1], starts: [1], optional: [] });
    expect(node.operations).toEqual(['stop vip#1', 'start vip#1', 'stop vip#1', 'stop vip#0']);
    expect(node.letters).toBe('x-');
  });
});
