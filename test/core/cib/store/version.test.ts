import { describe, expect, it } from 'vitest';
import { readRootVersion, withRootVersion } from '../../../../src/core/cib/store/root-element.ts';
import {
  nextVersion,
  noVersion,
  parseVersion,
  type Version,
  versionText,
} from '../../../../src/core/cib/store/version.ts';

const version = (text: string): Version => parseVersion(text)!;

describe('the next version', () => {
  it.each([
    ['0.17.3', '0.0.0', 0, 0, '0.18.0'],
    ['0.17.3', '0.0.0', 1, 0, '0.19.0'],
    ['0.17.0', '0.99.0', 0, 0, '0.18.0'],
    ['0.17.0', '2.4.0', 0, 0, '2.4.0'],
    ['0.17.0', '2.4.0', 1, 0, '2.5.0'],
    ['0.17.0', '0.0.0', 0, 3, '0.24.0'],
    ['0.2147483647.0', '0.0.0', 0, 0, '1.2.0'],
    ['2147483647.2147483647.0', '0.0.0', 0, 0, undefined],
  ] as const)('above %s, wished %s, parity %i, %i skipped', (below, wished, parity, skipped, expected) => {
    const next = nextVersion([version(below)], version(wished), { parity, skipped });
    expect(next === undefined ? undefined : versionText(next)).toBe(expected);
  });

  it('is above all of several', () => {
    const next = nextVersion([version('0.20.0'), version('1.3.0')], noVersion, { parity: 1, skipped: 0 });
    expect(versionText(next)).toBe('1.5.0');
  });
});

describe('the version in the root element', () => {
  it.each([
    ['<cib epoch="7" admin_epoch="1" num_updates="3"><configuration/></cib>', '1.7.3'],
    ["<?xml version='1.0'?>\n<!-- <cib epoch='9'> -->\n<cib epoch='7'/>", '0.7.0'],
    ['\ufeff<cib\n  validate-with="a > b"\n  epoch = "7"\n>', '0.7.0'],
    ['<cib/>', '0.0.0'],
    ['<cibs epoch="7"/>', undefined],
    ['<!DOCTYPE cib><cib/>', undefined],
    ['<cib epoch="4294967296"/>', undefined],
    ['<cib epoch="7" <', undefined],
    ['', undefined],
  ])('of %s is %s', (document, expected) => {
    const found = readRootVersion(document);
    expect(found === undefined ? undefined : versionText(found)).toBe(expected);
  });

  it('is changed in its place and nothing else is', () => {
    const document = `<?xml version="1.0"?>\n<cib crm_feature_set='3.16' num_updates='5' epoch="7" have-quorum="1">\n  <a epoch="1"/>\n</cib>`;
    expect(withRootVersion(document, version('2.30.0'))).toBe(
      `<?xml version="1.0"?>\n<cib admin_epoch="2" crm_feature_set='3.16' num_updates='0' epoch="30" have-quorum="1">\n  <a epoch="1"/>\n</cib>`,
    );
  });
});
