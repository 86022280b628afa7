/**
 * Reads the commands out of a page of instructions, so that a test can do exactly what an administrator is told to do.
 * In a fenced block marked `console`, `node1# command` is typed on that node, a `\` at the end goes on in the next line,
 * and the lines that follow are what the command must print before one goes on; it may have to be repeated until then.
 */
export interface Instruction {
  readonly node: string;
  readonly command: string;
  /** Lines that must be among the output; none: only the exit code counts. */
  readonly prints: readonly string[];
  /** Line of the page, from 1. */
  readonly line: number;
  /** Heading of the section. */
  readonly section: string;
}

const prompt = /^(node\d)# (.*)$/;

export function instructionsOf(page: string): Instruction[] {
  const found: Array<Instruction & { prints: string[] }> = [];
  let section = '';
  let inConsole = false;
  let inFence = false;
  let continues = false;
  for (const [index, text] of page.split('\n').entries()) {
    if (text.startsWith('```')) {
      inFence = !inFence;
      inConsole = inFence && text.slice(3).trim() === 'console';
      continue;
    }
    if (!inFence && text.startsWith('#')) section = text.replace(/^#+\s*/, '');
    if (!inConsole) continue;
    const last = found.at(-1);
    const typed = prompt.exec(text);
    if (continues && last !== undefined) {
      found[found.length - 1] = { ...last, command: `${last.command}\n${text}` };
    } else if (typed !== null) {
      found.push({ node: typed[1]!, command: typed[2]!, prints: [], line: index + 1, section });
    } else if (text.trim() !== '') last?.prints.push(text.trim());
    continues = text.endsWith('\\');
  }
  return found;
}
