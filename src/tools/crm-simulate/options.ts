/** The command line of `crm_simulate`, as Pacemaker 2.1's has it. What only makes sense beside its daemons is refused by name. */
import { parseArgs } from 'node:util';
import { failure, type Result, success } from '../../core/result.ts';

export interface CrmSimulateOptions {
  readonly input: { readonly kind: 'file'; readonly file: string } | { readonly kind: 'live' } | undefined;
  /** What is asked for beyond showing the status. */
  readonly task: 'show' | 'run' | 'simulate';
  /** The result goes back into the file it came from. */
  readonly inPlace: boolean;
  readonly quiet: boolean;
  readonly xml: boolean;
  /** undefined: standard output. */
  readonly outputTo: string | undefined;
  readonly show: {
    readonly attributes: boolean;
    readonly failcounts: boolean;
    readonly scores: boolean;
    readonly utilization: boolean;
  };
  readonly nodesUp: readonly string[];
  readonly nodesDown: readonly string[];
  readonly nodesFailed: readonly string[];
  readonly operations: readonly string[];
  readonly failures: readonly string[];
  readonly now: string | undefined;
  readonly quorum: string | undefined;
  readonly watchdog: string | undefined;
  readonly tickets: {
    readonly grant: readonly string[];
    readonly revoke: readonly string[];
    readonly standby: readonly string[];
    readonly activate: readonly string[];
  };
  readonly save: {
    readonly input: string | undefined;
    readonly output: string | undefined;
    readonly graph: string | undefined;
    readonly dot: string | undefined;
  };
  readonly allActions: boolean;
  readonly ask: 'help' | 'version' | undefined;
}

const flag = (short?: string) => ({ type: 'boolean', ...(short === undefined ? {} : { short }) }) as const;
const value = (short?: string) => ({ type: 'string', ...(short === undefined ? {} : { short }) }) as const;
const values = (short: string) => ({ type: 'string', short, multiple: true }) as const;

const grammar = {
  help: flag('h'),
  'help-all': flag(),
  version: flag('$'),
  verbose: { type: 'boolean', short: 'V', multiple: true },
  quiet: flag('Q'),
  run: flag('R'),
  simulate: flag('S'),
  'in-place': flag('X'),
  'show-attrs': flag('A'),
  'show-failcounts': flag('c'),
  'show-scores': flag('s'),
  'show-utilization': flag('U'),
  'node-up': values('u'),
  'node-down': values('d'),
  'node-fail': values('f'),
  'op-inject': values('i'),
  'op-fail': values('F'),
  'set-datetime': value('t'),
  quorum: value('q'),
  watchdog: value('w'),
  'ticket-grant': values('g'),
  'ticket-revoke': values('r'),
  'ticket-standby': values('b'),
  'ticket-activate': values('e'),
  'save-input': value('I'),
  'save-output': value('O'),
  'save-graph': value('G'),
  'save-dotfile': value('D'),
  'all-actions': flag('a'),
  'live-check': flag('L'),
  'xml-file': value('x'),
  'xml-pipe': flag('p'),
  'output-as': value(),
  'output-to': value(),
} as const;

/** All of them by their long names, for completion. */
export const crmSimulateOptions: readonly string[] = Object.keys(grammar).map((name) => `--${name}`);

/** Problem codes `usage` and `crm-simulate-output-format`. */
export function readOptions(argv: readonly string[]): Result<CrmSimulateOptions> {
  const parsed = parse(argv);
  if (!parsed.ok) return parsed;
  const given = parsed.value;
  const format = given['output-as'] ?? 'text';
  if (format !== 'text' && format !== 'xml') return failure('crm-simulate-output-format', { format });
  const file = given['xml-file'] ?? (given['xml-pipe'] ? '-' : undefined);
  const events = ['node-up', 'node-down', 'node-fail', 'op-inject', 'op-fail', 'quorum', 'watchdog'] as const;
  const tickets = ['ticket-grant', 'ticket-revoke', 'ticket-standby', 'ticket-activate'] as const;
  // An event to begin with is pointless without a decision about it.
  const isAsked = [...events, ...tickets].some((name) => given[name] !== undefined);
  return success({
    input: file !== undefined ? { kind: 'file', file } : given['live-check'] ? { kind: 'live' } : undefined,
    task: given.simulate || given['in-place'] || isAsked ? 'simulate' : given.run || saves(given) ? 'run' : 'show',
    inPlace: given['in-place'] === true,
    quiet: given.quiet === true,
    xml: format === 'xml',
    outputTo: given['output-to'] === '-' ? undefined : given['output-to'],
    show: {
      attributes: given['show-attrs'] === true,
      failcounts: given['show-failcounts'] === true,
      scores: given['show-scores'] === true,
      utilization: given['show-utilization'] === true,
    },
    nodesUp: given['node-up'] ?? [],
    nodesDown: given['node-down'] ?? [],
    nodesFailed: given['node-fail'] ?? [],
    operations: given['op-inject'] ?? [],
    failures: given['op-fail'] ?? [],
    now: given['set-datetime'],
    quorum: given.quorum,
    watchdog: given.watchdog,
    tickets: {
      grant: given['ticket-grant'] ?? [],
      revoke: given['ticket-revoke'] ?? [],
      standby: given['ticket-standby'] ?? [],
      activate: given['ticket-activate'] ?? [],
    },
    save: {
      input: given['save-input'],
      output: given['save-output'],
      graph: given['save-graph'],
      dot: given['save-dotfile'],
    },
    allActions: given['all-actions'] === true,
    ask: given.help || given['help-all'] ? 'help' : given.version ? 'version' : undefined,
  });
}

type Given = ReturnType<typeof parseArgs<{ options: typeof grammar }>>['values'];

function parse(argv: readonly string[]): Result<Given> {
  try {
    return success(parseArgs({ args: [...argv], options: grammar, strict: true, allowPositionals: true }).values);
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split(/\. |\n/)[0] ?? '') : String(error);
    return failure('usage', { reason });
  }
}

const saves = (given: Given): boolean =>
  [
    given['save-input'],
    given['save-output'],
    given['save-graph'],
    given['save-dotfile'],
    given['show-scores'],
    given['show-utilization'],
  ].some((each) => each !== undefined);
