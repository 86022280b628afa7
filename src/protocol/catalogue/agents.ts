import type { WordTable } from './words.ts';

export const agentWords: WordTable = {};
