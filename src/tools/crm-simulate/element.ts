/** Elements of the XML output: what is undefined is left out. */
import type { RawElement } from '../../core/cib/model.ts';

export type Value = string | number | boolean | undefined;

export function element(
  name: string,
  attributes: Readonly<Record<string, Value>> = {},
  children: readonly RawElement[] = [],
): RawElement {
  const kept = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, String(value)]],
  );
  return { name, attributes: Object.fromEntries(kept), children };
}
