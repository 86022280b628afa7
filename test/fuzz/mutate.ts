/** Packets as they should not be: bytes changed, lost, doubled, moved, and parts of two packets joined. */
import type { Draw } from './draw.ts';

/** What parsers look at: marks, lengths, separators, ends. */
const telling = [
  '###\n',
  '%%%\n',
  '>>>\n',
  '<<<\n',
  '@@@\n',
  'auth=',
  '(1)',
  '(4)',
  '99999:',
  '0:',
  ',',
  '=',
  '\n',
  '\0',
  '1 ',
];
const longest = 70_000;

/** One to four changes; never the same array as `bytes`. */
export function mutate(bytes: Uint8Array, draw: Draw, other: () => Uint8Array): Uint8Array {
  let changed = bytes;
  for (let count = 1 + draw.below(4); count > 0; count--) changed = change(changed, draw, other);
  return changed === bytes ? bytes.slice() : changed.subarray(0, longest);
}

function change(bytes: Uint8Array, draw: Draw, other: () => Uint8Array): Uint8Array {
  const at = draw.below(bytes.length + 1);
  const until = Math.min(bytes.length, at + 1 + draw.below(40));
  switch (draw.below(10)) {
    case 0:
    case 1:
    case 2: {
      const flipped = bytes.slice();
      if (at < flipped.length) flipped[at]! ^= 1 << draw.below(8);
      return flipped;
    }
    case 3: {
      const written = bytes.slice();
      if (at < written.length) written[at] = draw.below(256);
      return written;
    }
    case 4:
      return bytes.slice(0, at);
    case 5:
      return joined(bytes.subarray(0, at), bytes.subarray(until));
    case 6:
      return joined(bytes.subarray(0, until), bytes.subarray(at));
    case 7:
      return joined(bytes.subarray(0, at), Buffer.from(draw.pick(telling), 'latin1'), bytes.subarray(at));
    case 8: {
      const second = other();
      return joined(bytes.subarray(0, at), second.subarray(draw.below(second.length + 1)));
    }
    default: {
      // A number grows or shrinks: lengths and counters are made of digits.
      const written = bytes.slice();
      const digit = written.findIndex((byte, index) => index >= at && byte >= 0x30 && byte <= 0x39);
      if (digit >= 0) written[digit] = 0x30 + draw.below(10);
      return written;
    }
  }
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
