import type { WordTable } from './words.ts';

export const configurationWords: WordTable = {};
