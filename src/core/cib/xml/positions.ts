/** From a place in the text to the line and column that an editor shows. Counted only when an error needs it. */
export interface LineAndColumn {
  /** Both count from 1; a column is a character of the string. */
  readonly line: number;
  readonly column: number;
}

export function lineAndColumn(text: string, offset: number): LineAndColumn {
  const before = text.slice(0, Math.max(0, offset));
  const lineStart = before.lastIndexOf('\n') + 1;
  let line = 1;
  for (let at = before.indexOf('\n'); at >= 0; at = before.indexOf('\n', at + 1)) line += 1;
  return { line, column: before.length - lineStart + 1 };
}

/** The same for many places of one text: the lines are counted once. */
export class LineIndex {
  readonly text: string;
  private readonly starts: number[] = [0];

  constructor(text: string) {
    this.text = text;
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.starts.push(at + 1);
  }

  at(offset: number): LineAndColumn {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - this.starts[low]! + 1 };
  }
}

/**
 * Where the name of an attribute stands in the start tag that begins at `elementOffset`; the tag itself when it is not
 * there. The text is one that has been read, so the tag is well-formed.
 */
export function attributeOffset(text: string, elementOffset: number, name: string): number {
  const attribute = /\s+([^\s=]+)\s*=\s*(?:"[^"]*"|'[^']*')/y;
  attribute.lastIndex =
    elementOffset + 1 + (/^[^\s/>]+/.exec(text.slice(elementOffset + 1, elementOffset + 300))?.[0].length ?? 0);
  for (let match = attribute.exec(text); match !== null; match = attribute.exec(text)) {
    if (match[1] === name) return match.index + match[0].indexOf(name);
  }
  return elementOffset;
}
