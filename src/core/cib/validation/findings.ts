/**
 * What validation has to say: a `Problem` with its place. An error is something the cluster would do wrong or Pacemaker
 * would refuse; a warning is something that is kept and has no effect here, or surely not the one that was meant.
 */
import type { Problem } from '../../result.ts';
import type { RawElement } from '../model.ts';
import { attributeOffset, type LineIndex } from '../xml/positions.ts';
import { commentName, type XmlElement } from '../xml/tree.ts';

export interface CibFinding extends Problem {
  readonly severity: 'error' | 'warning';
  /** Pacemaker's schema does not allow it: its tools would refuse the configuration. */
  readonly againstSchema: boolean;
  /** Present when the configuration came from a text. Both are in `fields` too, for the words. */
  readonly line?: number;
  readonly column?: number;
  /** Of the element in question, or of the nearest one around it that has an id. */
  readonly id?: string;
}

/** A damaged file of thousands of lines must not drown the first, telling findings. */
export const maxCibFindings = 200;

export interface Spot {
  readonly element: RawElement;
  readonly attribute?: string;
  /** For what has no id of its own. */
  readonly owner?: string | undefined;
}

type Fields = Problem['fields'];

export class Findings {
  readonly list: CibFinding[] = [];
  private readonly lines: (() => LineIndex) | undefined;

  constructor(lines: (() => LineIndex) | undefined) {
    this.lines = lines;
  }

  error(code: string, spot: Spot, fields: Fields, againstSchema = true): void {
    this.add('error', code, spot, fields, againstSchema);
  }

  warning(code: string, spot: Spot, fields: Fields, againstSchema = false): void {
    this.add('warning', code, spot, fields, againstSchema);
  }

  get full(): boolean {
    return this.list.length > maxCibFindings;
  }

  private add(severity: 'error' | 'warning', code: string, spot: Spot, fields: Fields, againstSchema: boolean): void {
    if (this.full) return;
    if (this.list.length === maxCibFindings) {
      this.list.push({
        severity: 'warning',
        code: 'cib-too-many-findings',
        fields: { limit: maxCibFindings },
        againstSchema: false,
      });
      return;
    }
    const place = this.placeOf(spot);
    const id = spot.element.attributes['id'] ?? spot.owner;
    this.list.push({
      severity,
      code,
      fields: { element: shownElement(spot), ...fields, ...place },
      againstSchema,
      ...place,
      ...(id === undefined ? {} : { id }),
    });
  }

  /** Undefined when the configuration came from no text. */
  lineOf(element: RawElement): number | undefined {
    return this.placeOf({ element })?.line;
  }

  private placeOf({ element, attribute }: Spot): { line: number; column: number } | undefined {
    const { offset } = element as Partial<XmlElement>;
    if (this.lines === undefined || offset === undefined || offset < 0) return undefined;
    const index = this.lines();
    return index.at(attribute === undefined ? offset : attributeOffset(index.text, offset, attribute));
  }
}

/** `<primitive id="vip">`, or with the id of what is around it where it has none of its own. */
function shownElement({ element, owner }: Spot): string {
  const { id, name } = { id: element.attributes['id'], name: element.name };
  if (name === commentName) return 'a comment';
  if (id !== undefined) return `<${name} id="${id}">`;
  return owner === undefined ? `<${name}>` : `<${name}> of ${owner}`;
}
