/**
 * Options as Heartbeat's own small tools take them: single letters anywhere among the words, plus the directories that
 * every Pairbeat command knows. commander is not used here: these tools are called by scripts many times a minute.
 */
import { failure, type Result, success } from '../core/result.ts';
import { type Directories, directoriesFrom } from '../protocol/directories.ts';

export interface ClassicOptions {
  readonly words: readonly string[];
  /** Letters seen; for those that take a value, the value. */
  readonly letters: ReadonlyMap<string, string>;
  readonly longs: ReadonlySet<string>;
  readonly directories: Directories;
}

export interface ClassicGrammar {
  readonly letters: string;
  readonly lettersWithValue?: string;
  readonly longs?: readonly string[];
}

const directoryOptions = { '--ha-dir': 'haDir', '--state-dir': 'stateDir', '--run-dir': 'runDir' } as const;

/** Problem code `usage`. */
export function readClassicOptions(
  argv: readonly string[],
  grammar: ClassicGrammar,
  environment: Readonly<Record<string, string | undefined>>,
): Result<ClassicOptions> {
  const words: string[] = [];
  const letters = new Map<string, string>();
  const longs = new Set<string>();
  const directories: { haDir?: string; stateDir?: string; runDir?: string } = {};
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] ?? '';
    if (word === '--') {
      words.push(...argv.slice(index + 1));
      break;
    }
    if (word.startsWith('--')) {
      const [name = '', attached] = word.split(/=(.*)/s, 2);
      if (Object.hasOwn(directoryOptions, name)) {
        const value = attached ?? argv[++index];
        if (!value) return usage(`option ${name} needs a directory`);
        directories[directoryOptions[name as keyof typeof directoryOptions]] = value;
      } else if (attached === undefined && grammar.longs?.includes(name.slice(2))) longs.add(name.slice(2));
      else return usage(`unknown option ${name}`);
    } else if (word.startsWith('-') && word.length > 1) {
      for (let at = 1; at < word.length; at += 1) {
        const letter = word[at] ?? '';
        if (grammar.lettersWithValue?.includes(letter)) {
          const value = word.slice(at + 1) || argv[++index];
          if (value === undefined) return usage(`option -${letter} needs a value`);
          letters.set(letter, value);
          break;
        }
        if (!grammar.letters.includes(letter)) return usage(`unknown option -${letter}`);
        letters.set(letter, '');
      }
    } else words.push(word);
  }
  return success({ words, letters, longs, directories: directoriesFrom(directories, environment) });
}

function usage(reason: string): Result<never> {
  return failure('usage', { reason });
}
