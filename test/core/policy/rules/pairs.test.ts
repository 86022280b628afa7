/** Which value holds when several sets give one. */
import { describe, expect, it } from 'vitest';
import { meta, operation, operations, params, primitive, resourceOf, rule, unpacked } from '../unpack/unpacked.ts';

const metaOf = (inner: string, more = {}): ReadonlyMap<string, string> =>
  resourceOf(unpacked({ resources: primitive('web', inner), ...more }), 'web').meta;

const never = rule('<date_expression id="past" operation="lt" end="2001-01-01"/>');
const always = rule('<date_expression id="future" operation="gt" start="2001-01-01"/>');

describe('of several sets', () => {
  it('the one with the higher score wins, else the later one', () => {
    expect(metaOf(meta({ k: 'first' }, { score: '2' }) + meta({ k: 'second' }, { score: '1' })).get('k')).toBe('first');
    expect(metaOf(meta({ k: 'first' }, { score: '1' }) + meta({ k: 'second' }, { score: '2' })).get('k')).toBe(
      'second',
    );
    expect(metaOf(meta({ k: 'first' }) + meta({ k: 'second' })).get('k')).toBe('second');
  });

  it('one whose rule does not hold says nothing', () => {
    expect(metaOf(meta({ k: 'ruled' }, { rule: never, score: '9' }) + meta({ k: 'plain' })).get('k')).toBe('plain');
    expect(metaOf(meta({ k: 'ruled' }, { rule: always, score: '9' }) + meta({ k: 'plain' })).get('k')).toBe('ruled');
  });

  it('within a set the first pair of a name holds', () => {
    const pair = (value: string) => `<nvpair id="pair-${value}" name="k" value="${value}"/>`;
    expect(metaOf(`<meta_attributes id="m">${pair('1')}${pair('2')}</meta_attributes>`).get('k')).toBe('1');
  });

  it('#default leaves it to the defaults', () => {
    const resourceDefaults = meta({ k: 'default' });
    expect(metaOf(meta({ k: '#default' }), { resourceDefaults }).get('k')).toBe('default');
  });
});

describe('a reference', () => {
  const other = primitive(
    'other',
    `<meta_attributes id="shared"><nvpair id="the-pair" name="k" value="v"/></meta_attributes>`,
  );

  it('stands for a set elsewhere', () => {
    const resources = other + primitive('web', '<meta_attributes id-ref="shared"/>');
    expect(resourceOf(unpacked({ resources }), 'web').meta.get('k')).toBe('v');
  });

  it('stands for a pair elsewhere, which it may rename', () => {
    const set =
      '<meta_attributes id="m"><nvpair id-ref="the-pair"/><nvpair id-ref="the-pair" name="n"/></meta_attributes>';
    const found = resourceOf(unpacked({ resources: other + primitive('web', set) }), 'web').meta;
    expect([found.get('k'), found.get('n')]).toEqual(['v', 'v']);
  });

  it('to nothing says nothing', () => {
    const resources = other + primitive('web', '<meta_attributes id-ref="gone"/>');
    expect(resourceOf(unpacked({ resources }), 'web').meta.has('k')).toBe(false);
  });

  it('finds what stands in operations and parameters too', () => {
    const inOperation = operations(
      operation(
        'monitor',
        '10s',
        '',
        '<meta_attributes id="in-op"><nvpair id="x" name="k" value="v"/></meta_attributes>',
      ),
    );
    const resources =
      primitive('a', inOperation + params({ p: '1' })) + primitive('b', '<meta_attributes id-ref="in-op"/>');
    expect(resourceOf(unpacked({ resources }), 'b').meta.get('k')).toBe('v');
  });
});
