/**
 * A status section that can be written to: what the nodes would report after operations that are only played. The CIB it
 * began with stays as it is; `cib()` makes a new one.
 */
import type { Attributes, Cib, NodeState, NvPair, NvSet, RecordedOperation, ResourceHistory } from '../../cib/model.ts';
import type { ClusterNode } from '../working-set.ts';

/** Where a result belongs: the resource as its history knows it. */
export interface HistoryOwner {
  readonly id: string;
  readonly class: string;
  readonly provider: string;
  readonly type: string;
}

export interface PlayedResult {
  readonly task: string;
  readonly intervalMs: number;
  readonly rc: number;
  readonly expectedRc: number;
  /** 0 done, 1 cancelled, 2 timed out, 4 failed. */
  readonly status: number;
  readonly attributes?: Attributes;
}

interface OpenNode {
  readonly state: NodeState;
  attributes: Record<string, string>;
  transient: NvSet[];
  readonly history: Map<string, OpenHistory>;
}

interface OpenHistory {
  readonly shell: ResourceHistory;
  readonly operations: Map<string, RecordedOperation>;
}

const featureSet = '3.17.4';

/** Who ordered a played operation: no controller. What was pending in the name of the same nobody is over then. */
const nobody = 'xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx';

export class StatusEditor {
  readonly #base: Cib;
  readonly #nowS: number;
  readonly #nodes = new Map<string, OpenNode>();
  #attributes: Record<string, string>;
  readonly #tickets: Map<string, Record<string, string>>;

  constructor(base: Cib, nowS: number) {
    this.#base = base;
    this.#nowS = nowS;
    this.#attributes = { ...base.attributes };
    this.#tickets = new Map(base.status.tickets.map(({ id, attributes }) => [id, { ...attributes }]));
    for (const state of base.status.nodes) this.#nodes.set(state.id, open(state));
  }

  /** Adds what an operation came to, as a node's executor would report it. */
  record(node: ClusterNode, owner: HistoryOwner, result: PlayedResult): void {
    const history = this.#historyOf(node, owner);
    const failed = result.rc !== result.expectedRc || result.status > 1;
    const id = idOf(owner.id, result, failed);
    const operation = { id, attributes: this.#attributesOf(node, owner, result, nextCall(history)) };
    history.operations.set(id, operation);
    // What came last is known even if it failed.
    if (failed && result.intervalMs === 0)
      history.operations.set(`${owner.id}_last_0`, { ...operation, id: `${owner.id}_last_0` });
  }

  /** It has been fenced, or has gone: nothing it reported counts any more. */
  gone(node: ClusterNode): void {
    const open = this.#nodeOf(node);
    open.attributes = { ...open.attributes, in_ccm: 'false', crmd: 'offline', join: 'down', expected: 'down' };
    open.transient = [];
    open.history.clear();
  }

  /** `in_ccm`, `crmd`, `join`, `expected` as a node has them that is up, down, or has failed. */
  setNode(node: ClusterNode, state: 'up' | 'down' | 'failed'): void {
    const open = this.#nodeOf(node);
    const up = state === 'up';
    open.attributes = {
      ...open.attributes,
      in_ccm: String(up),
      crmd: up ? 'online' : 'offline',
      join: up ? 'member' : 'down',
      expected: state === 'down' ? 'down' : 'member',
    };
  }

  /** One more failure of an operation, as the attribute manager would count it. */
  countFailure(node: ClusterNode, id: string, task: string, intervalMs: number, to?: string): void {
    const open = this.#nodeOf(node);
    const operation = `${id}#${task}_${intervalMs}`;
    const before = open.transient.flatMap(({ pairs }) => pairs).find(({ name }) => name === `fail-count-${operation}`);
    const count = to ?? (before?.value === 'INFINITY' ? 'INFINITY' : String(Number(before?.value ?? '0') + 1));
    this.#setTransient(open, node, `fail-count-${operation}`, count);
    this.#setTransient(open, node, `last-failure-${operation}`, String(this.#nowS));
  }

  setQuorum(have: boolean): void {
    this.#attributes = { ...this.#attributes, 'have-quorum': have ? '1' : '0' };
  }

  setTicket(id: string, attributes: Attributes): void {
    this.#tickets.set(id, { ...this.#tickets.get(id), ...attributes });
  }

  cib(): Cib {
    const nodes = [...this.#nodes.values()].map(closed);
    const tickets = [...this.#tickets].map(([id, attributes]) => ({ id, attributes }));
    return { ...this.#base, attributes: this.#attributes, status: { ...this.#base.status, nodes, tickets } };
  }

  #nodeOf(node: ClusterNode): OpenNode {
    const known = this.#nodes.get(node.id);
    if (known !== undefined) return known;
    const made = open({
      id: node.id,
      uname: node.name,
      attributes: {},
      transientAttributes: [],
      transientUtilization: [],
      history: [],
    });
    this.#nodes.set(node.id, made);
    return made;
  }

  #historyOf(node: ClusterNode, owner: HistoryOwner): OpenHistory {
    const { history } = this.#nodeOf(node);
    const known = history.get(owner.id);
    if (known !== undefined) return known;
    const { id, class: standard, provider, type } = owner;
    const shell = {
      id,
      class: standard,
      ...(provider === '' ? {} : { provider }),
      type,
      attributes: {},
      operations: [],
    };
    const made = { shell, operations: new Map() };
    history.set(id, made);
    return made;
  }

  #attributesOf(node: ClusterNode, owner: HistoryOwner, result: PlayedResult, call: number): Attributes {
    const { task, intervalMs, rc, expectedRc, status } = result;
    const key = `${call}:-1:${expectedRc}:${nobody}`;
    return {
      operation_key: `${owner.id}_${task}_${intervalMs}`,
      operation: task,
      'crm-debug-origin': 'simulate',
      crm_feature_set: featureSet,
      'transition-key': key,
      'transition-magic': `${status}:${rc};${key}`,
      'call-id': String(call),
      'rc-code': String(rc),
      'op-status': String(status),
      interval: String(intervalMs),
      'last-rc-change': String(this.#nowS),
      on_node: node.name,
      ...result.attributes,
    };
  }

  #setTransient(open: OpenNode, node: ClusterNode, name: string, value: string): void {
    const setId = `status-${node.id}`;
    const pair: NvPair = { id: `${setId}-${name}`, name, value };
    const [first, ...others] = open.transient;
    const set = first ?? { id: setId, pairs: [] };
    open.transient = [{ ...set, pairs: [...set.pairs.filter((each) => each.name !== name), pair] }, ...others];
  }
}

function open(state: NodeState): OpenNode {
  const history = new Map<string, OpenHistory>();
  for (const shell of state.history)
    history.set(shell.id, { shell, operations: new Map(shell.operations.map((each) => [each.id, each])) });
  return { state, attributes: { ...state.attributes }, transient: [...state.transientAttributes], history };
}

function closed({ state, attributes, transient, history }: OpenNode): NodeState {
  return {
    ...state,
    attributes,
    transientAttributes: transient,
    history: [...history.values()].map(({ shell, operations }) => ({ ...shell, operations: [...operations.values()] })),
  };
}

/** Recurring results are kept one by one, of the others the last one, and beside it the last that failed. */
function idOf(resource: string, { task, intervalMs }: PlayedResult, failed: boolean): string {
  if (failed) return `${resource}_last_failure_0`;
  return intervalMs > 0 ? `${resource}_${task}_${intervalMs}` : `${resource}_last_0`;
}

function nextCall({ operations }: OpenHistory): number {
  let last = 0;
  for (const { attributes } of operations.values()) last = Math.max(last, Number(attributes['call-id'] ?? '0') || 0);
  return last + 1;
}
