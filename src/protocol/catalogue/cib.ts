import type { WordTable } from './words.ts';

/** The cluster configuration (CIB): reading it and judging it. */
export const cibWords: WordTable = {
  'cib-xml-malformed': {
    what: 'The cluster configuration is not well-formed XML: line {line}, column {column}: {fault}.',
    meaning: 'Nothing of it was taken over.',
    advice: 'Mend that place and try again.',
  },
  'cib-xml-too-large': {
    what: 'The cluster configuration has {characters} characters; at most {limit} are read.',
    meaning: 'Nothing of it was taken over.',
    advice: 'A CIB of that size is no CIB for two nodes: see that the right file was given.',
  },
  'cib-not-a-cib': {
    what: 'The file begins with <{found}>, and a cluster configuration begins with <cib> or <configuration>.',
    meaning: 'Nothing of it was taken over.',
    advice: 'See that the right file was given.',
  },
};
