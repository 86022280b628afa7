import { describe, expect, it } from 'vitest';
import { letterOfState } from '../../../src/core/haresources/group-machine.ts';
import { type GroupLetter, isHeld, isLetter, isOffered, letterMeaning } from '../../../src/core/haresources/letters.ts';

const letters = Object.keys(letterMeaning) as GroupLetter[];

describe('letters', () => {
  it('are held, offered, or neither: only a plain stop is neither', () => {
    const classes = letters.map(
      (letter) => `${letter} ${isHeld(letter) ? 'held' : ''}${isOffered(letter) ? 'offered' : ''}`,
    );
    expect(classes).toEqual(['- ', 'o offered', 'x offered', 's held', 'r held', 'p held', 'f held', 'u held']);
  });

  it('are recognised, and nothing else is, not even what every object has', () => {
    expect(letters.every(isLetter)).toBe(true);
    expect(['', 'R', 'rr', ' ', 'constructor', '__proto__', 'toString'].some(isLetter)).toBe(false);
  });

  it('say of every state of a group in which something may run that it is held', () => {
    const notHeld = Object.entries(letterOfState).filter(([, letter]) => !isHeld(letter));
    expect(notHeld).toEqual([
      ['stopped', '-'],
      ['offered', 'o'],
      ['failed', 'x'],
    ]);
    expect(new Set(Object.values(letterOfState))).toEqual(new Set(letters));
  });
});
