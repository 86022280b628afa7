/** The line about keys in `pairbeat status`. */
import { expect, it } from 'vitest';
import type { KeysOfNode, NodeReport, StatusReport } from '../../src/protocol/status.ts';
import { keysText } from '../../src/tools/pairbeat/keys-text.ts';
import type { Terminal } from '../../src/tools/terminal.ts';
import { healthy } from './fixtures.ts';

const terminal = { columns: 200, interactive: false } as Terminal;
const sha1: KeysOfNode = { signsWith: 1, accepts: [{ index: 1, method: 'sha1' }] };
const sealed: KeysOfNode = {
  signsWith: 2,
  accepts: [
    { index: 1, method: 'sha1' },
    { index: 2, method: 'aes256gcm' },
  ],
};

function text(
  ours: KeysOfNode | undefined,
  theirs: KeysOfNode | undefined,
  product: NodeReport['product'] = 'pairbeat',
) {
  const [self, other] = healthy.nodes as [NodeReport, NodeReport];
  const told = (keys: KeysOfNode | undefined) => (keys === undefined ? {} : { keys });
  const status: StatusReport = {
    ...healthy,
    nodes: [
      { ...self, ...told(ours) },
      { ...other, product, ...told(theirs) },
    ],
  };
  return keysText(terminal, status);
}

it.each([
  [undefined, undefined, 'pairbeat', ''],
  [sha1, undefined, 'unknown', 'Keys: node1 signs with 1 (sha1).\n'],
  [sha1, sha1, 'pairbeat', 'Keys: node1 signs with 1 (sha1); node2 accepts 1 and signs with 1 (sha1).\n'],
  [
    sealed,
    { signsWith: 1 },
    'heartbeat',
    'Keys: node1 signs with 2 (aes256gcm); node2 signs with 1 and does not say what it accepts; node2 runs Heartbeat 3 and CANNOT READ what node1 signs so.\n',
  ],
] as const)('%j and %j of a %s', (ours, theirs, product, expected) => {
  expect(text(ours, theirs, product)).toBe(expected);
});

it('names a number under which the other node has another key', () => {
  const theirs: KeysOfNode = {
    signsWith: 1,
    accepts: [
      { index: 1, method: 'sha1', agreement: 'same' },
      { index: 2, method: 'aes256gcm', agreement: 'other' },
    ],
  };
  expect(text(sealed, theirs)).toContain('node2 accepts 1, 2 (another key!) and signs with 1 (sha1)');
});
