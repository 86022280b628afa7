import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attributeOffset, LineIndex, lineAndColumn } from '../../../../src/core/cib/xml/positions.ts';
import { readXml, xmlLimits } from '../../../../src/core/cib/xml/read.ts';
import { writeXml } from '../../../../src/core/cib/xml/write.ts';

function read(text: string) {
  const result = readXml(text);
  if (!result.ok) throw new Error(JSON.stringify(result.problem));
  return result.value;
}

function faultOf(text: string): string {
  const result = readXml(text);
  if (result.ok) return 'none';
  const { line, column, fault } = result.problem.fields;
  return `${line}:${column} ${fault}`;
}

describe('what is read', () => {
  it('is elements with attributes in either quotes, in their order, and comments', () => {
    const { root, prolog, epilog } = read(
      '\ufeff<?xml version="1.0" encoding="UTF-8"?>\r\n<!--a--><x b = "1" a=\'2"\'>\n<!-- c\r\nd --><y/>\n<z></z></x >\n<!--e-->\n',
    );
    expect({ prolog, epilog }).toEqual({ prolog: ['a'], epilog: ['e'] });
    expect(Object.entries(root.attributes)).toEqual([
      ['b', '1'],
      ['a', '2"'],
    ]);
    expect(root.children.map(({ name, text }) => text ?? name)).toEqual([' c\nd ', 'y', 'z']);
  });

  it('has entities and references replaced, and line ends in values made spaces', () => {
    const { root } = read('<x a="&lt;&gt;&amp;&quot;&apos;&#65;&#x1F600;&#10;" b="1\r\n2\n3\t4"/>');
    expect(root.attributes).toEqual({ a: '<>&"\'A\u{1F600}\n', b: '1 2 3 4' });
  });

  it('knows where each element stood', () => {
    const text = '<x>\n  <y/>\n</x>';
    const { root } = read(text);
    expect(text.slice(root.children[0]!.offset)).toBe('<y/>\n</x>');
  });

  it('may have attributes called like methods of objects', () => {
    expect(read('<x constructor="1" toString="2"/>').root.attributes).toEqual({ constructor: '1', toString: '2' });
  });
});

describe('what is refused, and where', () => {
  it.each([
    ['', '1:1 there is no element'],
    ['  \n ', '2:2 there is no element'],
    ['<!-- a -->', '1:11 there is no element'],
    ['hello', '1:1 text where only elements may stand'],
    ['<x>\n hello</x>', '2:2 text where only elements may stand'],
    ['<x>\n<y>\n</x>', '3:1 </x> where </y> should stand'],
    ['<x>\n<y>', '2:1 <y> is not closed'],
    ['</x>', '1:1 </x> closes nothing'],
    ['<x/><y/>', '1:5 nothing but comments may follow </x>'],
    ['<x a="1" b="2" a="3"/>', '1:16 a is given twice in <x>'],
    ['<x a="1"b="2"/>', '1:9 white space is missing before b'],
    ['<x a/>', '1:4 a has no ="value"'],
    ['<x a=1/>', '1:6 the value of a is not in quotes'],
    ['<x a="1/>', '1:6 the value of a has no closing quote'],
    ['<x a="<"/>', '1:7 the value of a holds <, which is written &lt;'],
    ['<x a="&copy;"/>', '1:7 & begins no entity that is known; write &amp; for &'],
    ['<x a="a & b"/>', '1:9 & begins no entity that is known; write &amp; for &'],
    ['<x a="&#0;"/>', '1:7 & begins no entity that is known; write &amp; for &'],
    ['<x a="&#xD800;"/>', '1:7 & begins no entity that is known; write &amp; for &'],
    ['<x a="\u0001"/>', '1:7 a control character'],
    ['<x><!-- a -- b --></x>', '1:11 -- within a comment'],
    ['<x><!-- a', '1:4 a comment without -->'],
    ['<!DOCTYPE x [<!ENTITY a "b">]><x/>', '1:1 a DOCTYPE, which is never read'],
    ['<x><![CDATA[a]]></x>', '1:4 CDATA, which a CIB does not have'],
    ['<x><?php ?></x>', '1:4 a processing instruction'],
    ['<x><!x></x>', '1:4 <! begins no comment'],
    ['<?xml version="1.0" encoding="ISO-8859-1"?><x/>', '1:1 the encoding is ISO-8859-1, and only UTF-8 is read'],
    ['<?xml version="1.0"', '1:1 the XML declaration has no ?>'],
    ['<1x/>', '1:1 < is followed by no name'],
    ['<x __proto__="1"/>', '1:4 no attribute may be called __proto__'],
    ['<x / >', '1:4 / is not followed by >'],
    ['<x></x a="1">', '1:8 </x is not ended by >'],
    ['<x ,/>', '1:4 in <x> an attribute, > or /> should stand here'],
  ])('%j: %s', (text, fault) => {
    expect(faultOf(text)).toBe(fault);
  });

  it('is what is too deep, too wide or too much', () => {
    const deep = (levels: number) => `${'<x>'.repeat(levels)}${'</x>'.repeat(levels)}`;
    expect(faultOf(deep(xmlLimits.depth))).toBe('none');
    expect(faultOf(deep(xmlLimits.depth + 1))).toContain('nested deeper than');
    const wide = (count: number) => `<x${Array.from({ length: count }, (_, index) => ` a${index}=""`).join('')}/>`;
    expect(faultOf(wide(xmlLimits.attributesOfElement))).toBe('none');
    expect(faultOf(wide(xmlLimits.attributesOfElement + 1))).toContain('has more than');
    expect(faultOf(`<${'x'.repeat(xmlLimits.nameCharacters + 1)}/>`)).toContain('no name');
    const large = readXml('x'.repeat(xmlLimits.characters + 1));
    expect(large.ok ? '' : large.problem.code).toBe('cib-xml-too-large');
  });
});

describe('places', () => {
  const text = 'a\nbc\n\nd';

  it('are counted the same one by one and by index', () => {
    const index = new LineIndex(text);
    for (let offset = 0; offset <= text.length; offset += 1)
      expect(index.at(offset), `${offset}`).toEqual(lineAndColumn(text, offset));
    expect(lineAndColumn(text, 6)).toEqual({ line: 4, column: 1 });
  });

  it('of an attribute are found in its own start tag only', () => {
    const tag = '<x a="b=\'1\'" \n bb = \'2\' b="3"><y c="4"/></x>';
    expect(tag.slice(attributeOffset(tag, 0, 'b'))).toBe('b="3"><y c="4"/></x>');
    expect(tag.slice(attributeOffset(tag, 0, 'bb'))).toMatch(/^bb = /);
    expect(attributeOffset(tag, 0, 'c')).toBe(0);
  });
});

describe('any text', () => {
  const piece = fc.constantFrom(
    '<',
    '>',
    '/',
    'x',
    ' ',
    '=',
    '"',
    "'",
    '&',
    'amp;',
    '<!--',
    '-->',
    '<x>',
    '</x>',
    '<?xml ',
    '?>',
    '\n',
    '<x a="1"/>',
  );

  it('is read or refused with a place inside it, and what is read can be written and read again', () => {
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 30 }).map((parts) => parts.join('')),
        (text) => {
          const result = readXml(text);
          if (!result.ok) {
            const { line, column } = result.problem.fields as { line: number; column: number };
            const lines = text.split('\n');
            expect(line).toBeLessThanOrEqual(lines.length);
            expect(column).toBeLessThanOrEqual(lines[line - 1]!.length + 1);
            return;
          }
          const written = writeXml(result.value.root, result.value.prolog, result.value.epilog);
          expect(writeXml(read(written).root, read(written).prolog, read(written).epilog)).toBe(written);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('in a value comes back as it was, but for what XML cannot carry', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (value) => {
        const back = read(writeXml({ name: 'x', attributes: { a: value }, children: [] })).root.attributes['a'];
        expect(back).toBe(
          value.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\p{Surrogate}]/gu, '\ufffd'),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('in a comment can be written and read', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('-', '--', '>', 'a', '\r', '\u0000'), { maxLength: 8 }).map((parts) => parts.join('')),
        (text) => {
          const once = writeXml({
            name: 'x',
            attributes: {},
            children: [{ name: '#comment', attributes: {}, children: [], text }],
          });
          expect(writeXml(read(once).root)).toBe(once);
        },
      ),
    );
  });
});
