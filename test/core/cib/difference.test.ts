import { describe, expect, it } from 'vitest';
import { configurationDifferences, differenceLines } from '../../../src/core/cib/difference.ts';
import { canonicalText, configurationDigest } from '../../../src/core/cib/digest.ts';
import { removeById, setAttribute, setProperty } from '../../../src/core/cib/edit.ts';
import { cibWith, everything, parsed } from './cibs.ts';

const cib = parsed(everything);

function lines(after: typeof cib): readonly string[] {
  return differenceLines(configurationDifferences(cib, after));
}

describe('the difference of two configurations', () => {
  it('is empty for the same, whatever the order of attributes', () => {
    expect(lines(cib)).toEqual([]);
    expect(lines(parsed(everything.replace('id="vip" class="ocf"', 'class="ocf" id="vip"')))).toEqual([]);
    expect(lines(parsed(everything.replace('epoch="7"', 'epoch="8"')))).toEqual([]);
  });

  it('is one line for a value', () => {
    expect(lines(setProperty(cib, 'stonith-enabled', 'true'))).toEqual([
      '~ properties cib-bootstrap-options: stonith-enabled false -> true',
    ]);
    expect(lines(setAttribute(cib, 'vip', 'meta', 'priority', '11'))).toEqual([
      '~ primitive vip, meta: priority 10 -> 11',
    ]);
    expect(lines(parsed(everything.replace('timeout="20s"', 'timeout="30s"')))).toEqual([
      '~ primitive vip, op monitor 10s: timeout 20s -> 30s',
    ]);
    expect(lines(parsed(everything.replace(' on-fail="restart"', '')))).toEqual([
      '~ primitive vip, op monitor 10s: on-fail restart -> (nothing)',
    ]);
    expect(lines(parsed(everything.replace('first="m"', 'first="cl"')))).toEqual(['~ order o1: first m -> cl']);
  });

  it('shows what came and what went, with what it says', () => {
    expect(lines(setAttribute(cib, 'vip', 'meta', 'target-role', 'Stopped'))).toEqual([
      '+ primitive vip, meta, target-role: Stopped',
    ]);
    expect(lines(setAttribute(cib, 'db', 'params', 'drbd_resource', 'r0'))).toEqual([
      '+ master m, primitive db, params: drbd_resource=r0',
    ]);
    expect(lines(removeById(cib, 'o1'))).toEqual([
      '- order o1: kind=Mandatory first=m first-action=promote then=vip then-action=start',
    ]);
    expect(lines(removeById(cib, 'c1'))).toEqual([
      '- colocation c1: score=INFINITY',
      '- colocation c1, resource_set c1-0: sequential=false role=Promoted m vip',
    ]);
  });

  it('shows a new order where nothing else changed', () => {
    const before = cibWith({
      resources: '<group id="g"><primitive id="a"/><primitive id="b"/><primitive id="c"/></group>',
    });
    const after = cibWith({
      resources: '<group id="g"><primitive id="a"/><primitive id="c"/><primitive id="b"/></group>',
    });
    expect(differenceLines(configurationDifferences(before, after))).toEqual([
      '~ group g: order primitive b, primitive c -> primitive c, primitive b',
    ]);
  });

  it('names the section where there is nothing else to name', () => {
    expect(lines(parsed(everything.replace('<crm_config>', '<crm_config note="x">')))).toEqual([
      '~ crm_config: note (nothing) -> x',
    ]);
  });

  it('ends somewhere', () => {
    const many = cibWith({
      resources: Array.from({ length: 9 }, (_, index) => `<primitive id="p${index}"/>`).join(''),
    });
    expect(differenceLines(configurationDifferences(cibWith({}), many), 3)).toEqual([
      '+ primitive p0',
      '+ primitive p1',
      '+ primitive p2',
      '... and 6 more',
    ]);
  });
});

describe('the digest of a configuration', () => {
  const text = (of: typeof cib) => configurationDigest(of, (canonical) => canonical);

  it('does not change with versions, status, layout and the order of attributes', () => {
    const other = everything
      .replace('epoch="7"', 'epoch="8"')
      .replace('rc-code="0"', 'rc-code="7"')
      .replace('id="vip" class="ocf"', 'class="ocf" id="vip"')
      .replaceAll('\n      ', '\n');
    expect(other).not.toBe(everything);
    expect(text(parsed(other))).toBe(text(cib));
  });

  it('changes with everything else', () => {
    for (const [from, to] of [
      ['value="10"', 'value="11"'],
      ['a note', 'another note'],
      ['<thing/>', ''],
      ['<obj_ref id="vip"/>', '<obj_ref id="m"/>'],
    ] as const) {
      expect(text(parsed(everything.replace(from, to))), from).not.toBe(text(cib));
    }
  });

  it('cannot be made equal by quotes in a value', () => {
    const one = { name: 'a', attributes: { x: '1" "y"="2' }, children: [] };
    const two = { name: 'a', attributes: { x: '1', y: '2' }, children: [] };
    expect(canonicalText(one)).not.toBe(canonicalText(two));
  });
});
