import type { WordTable } from './words.ts';

export const nodeWords: WordTable = {};
