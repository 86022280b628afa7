import { describe, expect, it } from 'vitest';
import { instructionsOf } from './guide.ts';

const page = `# A page
## First
\`\`\`console
node1# one
node2# two "a \\
  b" > file
active
also this
\`\`\`
\`\`\`
node1# not typed: this block is no console
\`\`\`
## Second
\`\`\`console
node2# three
# not a heading
\`\`\`
`;

describe('instructions of a page', () => {
  it('are the commands of its console blocks, with what they must print', () => {
    expect(instructionsOf(page)).toEqual([
      { node: 'node1', command: 'one', prints: [], line: 4, section: 'First' },
      { node: 'node2', command: 'two "a \\\n  b" > file', prints: ['active', 'also this'], line: 5, section: 'First' },
      { node: 'node2', command: 'three', prints: ['# not a heading'], line: 15, section: 'Second' },
    ]);
  });
});
