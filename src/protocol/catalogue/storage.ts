import type { WordTable } from './words.ts';

export const storageWords: WordTable = {};
