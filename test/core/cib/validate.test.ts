import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type CibFinding, hasCibErrors, validateCib } from '../../../src/core/cib/validate.ts';
import { maxCibFindings } from '../../../src/core/cib/validation/findings.ts';
import { parseCib, printCib } from '../../../src/core/cib/xml.ts';
import { cibWords } from '../../../src/protocol/catalogue/cib.ts';
import { describe as words } from '../../../src/protocol/catalogue.ts';
import { expectGolden } from '../../golden.ts';
import { cibWith, everything, parsed } from './cibs.ts';

const broken = readFileSync(join(import.meta.dirname, 'broken.xml'), 'utf8');

function findingsOf(text: string): readonly CibFinding[] {
  const result = parseCib(text);
  if (!result.ok) throw new Error(JSON.stringify(result.problem));
  return validateCib(result.value.cib, result.value.positions);
}

/** Of a small CIB with those resources and constraints, as `code id`. */
function codesOf(parts: Parameters<typeof cibWith>[0]): string[] {
  return validateCib(cibWith(parts)).map(({ code, id }) => `${code} ${id ?? ''}`.trim());
}

function shown({ severity, code, fields, line, column, againstSchema }: CibFinding): string {
  const { what, meaning, advice } = words({ code, fields });
  const sentences = [what, meaning, advice].filter((text) => text !== '');
  return `${line}:${column} ${severity}${againstSchema ? ', against the schema' : ''} ${code}\n    ${sentences.join('\n    ')}\n`;
}

describe('a configuration full of mistakes', () => {
  it('is told all of them at once, with places and what was perhaps meant', () => {
    expectGolden(join(import.meta.dirname, 'broken.findings.txt'), findingsOf(broken).map(shown).join('\n'));
  });

  it('meets every finding there is but the one about too many', () => {
    const met = new Set(findingsOf(broken).map(({ code }) => code));
    const known = Object.keys(cibWords).filter(
      (code) => !/^cib-(xml|not-a)-/.test(code) && code !== 'cib-too-many-findings',
    );
    expect(known.filter((code) => !met.has(code))).toEqual([]);
  });

  it('is told the same without places when there is no text', () => {
    const withPlaces = findingsOf(broken)
      .map(({ code, id }) => `${code} ${id}`)
      .sort();
    const without = validateCib(parsed(broken));
    expect(without.map(({ code, id }) => `${code} ${id}`).sort()).toEqual(withPlaces);
    expect(without.every(({ line }) => line === undefined)).toBe(true);
    expect(words(without[0]!).what).not.toContain('Line');
  });

  it('is not told more than can be read', () => {
    const many = cibWith({
      resources: Array.from({ length: 500 }, (_, index) => `<primitive id="p${index}"/>`).join(''),
    });
    const findings = validateCib(many);
    expect(findings).toHaveLength(maxCibFindings + 1);
    expect(findings.findIndex(({ code }) => code === 'cib-too-many-findings')).toBe(maxCibFindings);
    expect(findingsOf(printCib(many)).at(-1)?.code).toBe('cib-too-many-findings');
  });
});

describe('a configuration without mistakes', () => {
  it('has nothing to be said about it', () => {
    const clean = everything
      .replace(' unheard-of="yes"', '')
      .replace(/<future[\s\S]*<\/future>/, '')
      .replace('<clone id="without-child"/>', '')
      .replace('<novelty/>', '')
      .replace(/<bundle[\s\S]*<\/bundle>/, '')
      .replace('devices="ipmi-a,sbd"', 'devices="ipmi-a"')
      .replace('</resources>', '<primitive id="ipmi-a" class="stonith" type="fence_ipmilan"/></resources>')
      .replace('id-ref="elsewhere"', 'id-ref="rsc-options"')
      .replace('<role id="operator"/>', '')
      .replace(' weight="2"', '');
    expect(findingsOf(clean).map(shown)).toEqual([]);
    expect(hasCibErrors(findingsOf(clean))).toBe(false);
    expect(hasCibErrors(findingsOf(broken))).toBe(true);
  });

  it('may use either vocabulary', () => {
    expect(
      codesOf({
        properties: `<cluster_property_set id="cib-bootstrap-options"><nvpair id="a" name="fencing-enabled" value="no"/>
          <nvpair id="b" name="stonith-action" value="poweroff"/></cluster_property_set>`,
        resources: `<master id="m"><meta_attributes id="mm"><nvpair id="c" name="master-max" value="1"/></meta_attributes>
          <primitive id="x" class="ocf" provider="pacemaker" type="Stateful"><operations>
          <op id="d" name="monitor" interval="5" role="Master"/><op id="e" name="monitor" interval="5" role="Unpromoted"/></operations></primitive></master>`,
        constraints: '<rsc_colocation id="f" rsc="x" with-rsc="m" with-rsc-role="Promoted" score="INFINITY"/>',
      }),
    ).toEqual([]);
  });

  it('needs no versions as long as the store has not given any', () => {
    expect(findingsOf('<configuration><crm_config/><nodes/><resources/><constraints/></configuration>')).toEqual([]);
    expect(
      findingsOf('<cib><configuration><crm_config/><nodes/><resources/><constraints/></configuration></cib>'),
    ).toEqual([]);
    expect(
      findingsOf('<cib epoch="1"><configuration><crm_config/><nodes/><resources/><constraints/></configuration></cib>')
        .length,
    ).toBe(2);
  });

  it('may say of the status section what it likes', () => {
    const text =
      '<cib><configuration><crm_config/><nodes/><resources/><constraints/></configuration><status><whatever/></status></cib>';
    expect(findingsOf(text)).toEqual([]);
  });
});

describe('a place', () => {
  it('is that of the attribute in question', () => {
    const text =
      '<configuration>\n<crm_config/><nodes>\n  <node\n    uname = "a"\n\tid=\'1\'\n    kinds="x"/></nodes><resources/><constraints/></configuration>';
    expect(findingsOf(text).map(({ code, line, column }) => [code, line, column])).toEqual([
      ['cib-attribute-unknown', 6, 5],
    ]);
  });

  it('is that of the element when an attribute is missing', () => {
    const text =
      '<configuration><crm_config/><nodes>\n  <node id="1"/></nodes><resources/><constraints/></configuration>';
    expect(findingsOf(text).map(({ code, line, column }) => [code, line, column])).toEqual([
      ['cib-attribute-missing', 2, 3],
    ]);
  });
});

describe('references', () => {
  it('may mean a template or a tag where they mean a resource', () => {
    expect(
      codesOf({
        resources:
          '<template id="t" class="systemd" type="x"/><primitive id="a" template="t"/><primitive id="b" template="t"/>',
        constraints: '<rsc_location id="l" rsc="t" node="alpha" score="1"/><rsc_order id="o" first="tag" then="b"/>',
        more: '<tags><tag id="tag"><obj_ref id="a"/></tag></tags>',
      }),
    ).toEqual([]);
  });

  it('must mean something of the right kind', () => {
    expect(
      codesOf({
        resources:
          '<primitive id="a" template="a"/><primitive id="b" class="systemd" type="x"><meta_attributes id-ref="a"/></primitive>',
        constraints: '<rsc_location id="l" rsc="l" node="alpha" score="1"/>',
      }),
    ).toEqual(['cib-reference-to-other a', 'cib-reference-to-other b', 'cib-reference-to-other l']);
  });
});
