/**
 * Where the demo draws. On a terminal the picture stays below and is redrawn in place while the events scroll above
 * it; anywhere else every event is a plain line, and the picture is printed at the turns of the story.
 */
import { drawPair, type Paint, type PairView } from './picture.ts';

export interface Screen {
  /** A line of the story, with the milliseconds since the demo began. */
  readonly event: (text: string, atUs?: number) => void;
  /** Lines that belong together, as they are. */
  readonly block: (lines: readonly string[]) => void;
  /** The picture has changed. */
  readonly draw: (view: PairView) => void;
  /** The story has turned: worth a picture even where nothing moves. */
  readonly turn: (view: PairView) => void;
  readonly paint: Paint;
  readonly close: () => void;
}

const codes: Readonly<Record<Parameters<Paint>[0], string>> = {
  owner: '\x1b[1;32m',
  dead: '\x1b[31m',
  quiet: '\x1b[2m',
  strong: '\x1b[1m',
  plain: '',
};

export function openScreen(nowUs: () => number, live: boolean): Screen {
  const colour = live && (process.env['NO_COLOR'] ?? '') === '';
  const paint: Paint = (tone, text) => (colour && codes[tone] !== '' ? `${codes[tone]}${text}\x1b[0m` : text);
  const startedUs = nowUs();
  let height = 0;
  let last: PairView | undefined;
  const erase = () => {
    if (height > 0) process.stdout.write(`\x1b[${height}A\x1b[J`);
    height = 0;
  };
  /** Over the old picture, line by line, so that nothing flickers. */
  const redraw = () => {
    if (!live || last === undefined) return;
    const lines = ['', ...drawPair(last, paint)];
    const up = height > 0 ? `\x1b[${height}A` : '';
    process.stdout.write(`${up}${lines.map((line) => `${line}\x1b[K\n`).join('')}`);
    height = lines.length;
  };
  const print = (text: string) => {
    erase();
    process.stdout.write(`${text}\n`);
    redraw();
  };
  if (live) process.stdout.write('\x1b[?25l');
  return {
    paint,
    event: (text, atUs = nowUs()) => {
      const milliseconds = Math.round((atUs - startedUs) / 1000).toLocaleString('en-US');
      print(`${paint('quiet', `${milliseconds.padStart(9)} ms`)}  ${text}`);
    },
    block: (lines) => print(lines.join('\n')),
    draw: (view) => {
      last = view;
      redraw();
    },
    turn: (view) => {
      last = view;
      if (live) return;
      process.stdout.write(`\n${drawPair(view, paint).join('\n')}\n\n`);
    },
    close: () => {
      if (live) process.stdout.write('\x1b[?25h');
    },
  };
}
