/**
 * `hb_addnode`, `hb_delnode`, `hb_setweight`, `hb_setsite`: names and arguments of Heartbeat's scripts. Those wrote into
 * the FIFO and ended with 0 whatever became of it; these ask the daemon and say what it answered.
 */
import { ask } from '../client/connection.ts';
import type { Result } from '../core/result.ts';
import type { CommandReport } from '../protocol/schemas.ts';
import { type ClassicOptions, readClassicOptions } from './classic-options.ts';
import { printProblem } from './report.ts';
import type { Terminal } from './terminal.ts';
import { wrap } from './text.ts';

export type NodeCommandName = 'hb_addnode' | 'hb_delnode' | 'hb_setweight' | 'hb_setsite';

interface NodeCommandForm {
  readonly usage: string;
  readonly summary: string;
  readonly words: { readonly min: number; readonly max: number };
  ask(runDir: string, words: readonly string[]): Promise<Result<CommandReport>>;
  done(words: readonly string[]): string;
}

export async function runNodeCommand(
  name: NodeCommandName,
  argv: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const form = forms[name];
  // A weight may be written -1; it is refused, but as a weight.
  const options = readClassicOptions(argv, { letters: 'h0123456789', longs: ['help'] }, terminal.environment);
  if (!options.ok) return usage(name, terminal, String(options.problem.fields['reason']));
  if (asksForHelp(options.value)) return usage(name, terminal);
  const words = wordsOf(argv, options.value);
  if (words.length < form.words.min) return usage(name, terminal, 'not enough arguments');
  if (words.length > form.words.max) return usage(name, terminal, 'too many arguments');
  const answer = await form.ask(options.value.directories.runDir, words);
  if (!answer.ok) {
    printProblem(terminal, name, answer.problem);
    return 1;
  }
  terminal.out(`${form.done(words)}\n`);
  return 0;
}

const forms: Readonly<Record<NodeCommandName, NodeCommandForm>> = {
  hb_addnode: {
    usage: 'NODE ...',
    summary: 'Takes nodes into the cluster. A pair has two: the daemon refuses a third one and says what to do.',
    words: { min: 1, max: 100 },
    ask: (runDir, nodes) => ask(runDir, 'addNode', { nodes: [...nodes] }),
    done: (nodes) => `Added: ${nodes.join(' ')}.`,
  },
  hb_delnode: {
    usage: 'NODE ...',
    summary: 'Forgets weight, site and uuid of a node that is dead. ha.cf goes on naming it.',
    words: { min: 1, max: 100 },
    ask: (runDir, nodes) => ask(runDir, 'deleteNode', { nodes: [...nodes] }),
    done: (nodes) => `Removed: ${nodes.join(' ')}. ha.cf still names it: when it is heard again, it is a member again.`,
  },
  hb_setweight: {
    usage: 'NODE WEIGHT',
    summary: 'Sets the weight of a node, 0 to 1000000, on both nodes. Nothing in a pair depends on it.',
    words: { min: 2, max: 2 },
    ask: (runDir, [node = '', weight = '']) => ask(runDir, 'setNode', { node, weight }),
    done: ([node, weight]) => `The weight of ${node} is ${weight}.`,
  },
  hb_setsite: {
    usage: 'NODE SITE',
    summary: 'Sets the site of a node, one word, on both nodes. Nothing in a pair depends on it.',
    words: { min: 2, max: 2 },
    ask: (runDir, [node = '', site = '']) => ask(runDir, 'setNode', { node, site }),
    done: ([node, site]) => `The site of ${node} is ${site}.`,
  },
};

function asksForHelp({ longs, letters }: ClassicOptions): boolean {
  return longs.has('help') || letters.has('h');
}

/** Words in their order, with a negative number where it stood. */
function wordsOf(argv: readonly string[], { words, letters }: ClassicOptions): readonly string[] {
  const negative = argv.find((word) => /^-\d+$/.test(word));
  return negative === undefined || letters.size === 0 ? words : [...words, negative];
}

/** Exit code 1, also for --help, as the originals. */
function usage(name: NodeCommandName, terminal: Terminal, complaint?: string): number {
  const form = forms[name];
  if (complaint !== undefined) terminal.error(`${name}: ${complaint}\n`);
  terminal.error(`usage: ${name} ${form.usage} [--run-dir DIR]\n`);
  terminal.error(wrap(form.summary, terminal.columns, '  '));
  return 1;
}
