import type { WordTable } from './words.ts';

export const linkWords: WordTable = {};
