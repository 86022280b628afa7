/**
 * What a rule may ask about. A part that is missing makes the expressions that need it false: a rule in the defaults of
 * resources knows no node, a rule of a location knows no operation (Pacemaker Explained, "Rules").
 */
import type { Cib } from '../../cib/model.ts';

export interface RuleContext {
  readonly cib: Cib;
  /** Epoch seconds. */
  readonly nowS: number;
  /** Attributes of the node in question, `#uname` and the like included. */
  readonly node?: ReadonlyMap<string, string>;
  /** The agent of the resource in question, for `<rsc_expression>`. Empty strings: it has none. */
  readonly agent?: { readonly class: string; readonly provider: string; readonly type: string };
  /** The operation in question, for `<op_expression>`. */
  readonly operation?: { readonly name: string; readonly intervalMs: number };
  /** Tables for `value-source="param"` and `"meta"`. */
  readonly params?: () => ReadonlyMap<string, string>;
  readonly meta?: ReadonlyMap<string, string>;
  /** What a resource pattern captured: `%0` is the whole match, `%1` the first group. */
  readonly captures?: readonly (string | undefined)[];
  /** Called with every time (epoch seconds, in the future) at which an expression may come out differently. */
  readonly changesAt?: (atS: number) => void;
}
