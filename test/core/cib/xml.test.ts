import { describe, expect, it } from 'vitest';
import { parseCib, printCib } from '../../../src/core/cib/xml.ts';
import { everything, parsed } from './cibs.ts';

describe('a configuration in our layout', () => {
  it('comes out as it went in, with what is not understood', () => {
    expect(printCib(parsed(everything))).toBe(everything);
  });
});

describe('what a CIB may look like', () => {
  it('needs no status', () => {
    const text = '<cib epoch="1">\n  <configuration/>\n</cib>\n';
    expect(parsed(text).status).toEqual({ nodes: [], tickets: [] });
    expect(printCib(parsed(text))).toBe(text);
  });

  it('may be a configuration alone', () => {
    const cib = parsed(
      '<?xml version="1.0" ?><configuration><nodes><node id="1" uname="alpha"/></nodes></configuration>',
    );
    expect(cib.configuration.nodes.map(({ uname }) => uname)).toEqual(['alpha']);
    expect(printCib(cib)).toContain('<cib>\n  <configuration>');
  });

  it('may not be something else', () => {
    expect(parseCib('<html/>')).toEqual({ ok: false, problem: { code: 'cib-not-a-cib', fields: { found: 'html' } } });
  });
});

describe('what the model has no field for', () => {
  it('is kept where it was found', () => {
    const { status, configuration } = parsed(everything);
    expect(status.nodes[0]?.rest).toEqual({
      order: ['transient_attributes', 'lrm'],
      within: { lrm: { attributes: { id: '1' } }, transient_attributes: { attributes: { id: '1' } } },
    });
    expect(configuration.tags[0]?.references).toEqual(['vip']);
    expect(configuration.tags[0]?.rest?.children?.map(({ index }) => index)).toEqual([1]);
    expect(configuration.resources.find(({ kind }) => kind === 'clone')).toMatchObject({
      rest: { attributes: { 'unheard-of': 'yes' } },
    });
  });
});

describe('what is changed in the model', () => {
  it('is printed, also where the attributes are kept as they were read', () => {
    const cib = parsed(everything);
    const [node] = cib.status.nodes;
    const [resource] = node!.history;
    const history = [{ ...resource!, type: 'IPaddr', operations: [] }];
    const nodes = [{ ...node!, uname: 'gamma', attributes: { ...node!.attributes, crmd: 'offline' }, history }];
    const printed = printCib({ ...cib, status: { ...cib.status, nodes } });
    expect(printed).toContain('<node_state id="1" uname="gamma" in_ccm="true" crmd="offline"');
    expect(printed).toContain('<lrm_resource id="vip" type="IPaddr" class="ocf" provider="heartbeat"/>');
  });
});
