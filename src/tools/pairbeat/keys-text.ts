/** The line of `status` about keys: who signs with which, and which the other node accepts. */
import type { KeysOfNode, NodeReport, StatusReport } from '../../protocol/status.ts';
import type { Terminal } from '../terminal.ts';
import { wrap } from '../text.ts';

export function keysText(terminal: Terminal, { nodes }: StatusReport): string {
  const [self, other] = [nodes.find((node) => node.self), nodes.find((node) => !node.self)];
  if (self?.keys === undefined) return '';
  const parts = [`${self.name} ${signs(self.keys)}`];
  if (other?.keys !== undefined) parts.push(peerPart(other, other.keys));
  return wrap(`Keys: ${parts.join('; ')}.`, terminal.columns, '  ', '');
}

function signs({ signsWith, accepts }: KeysOfNode): string {
  const method = accepts?.find(({ index }) => index === signsWith)?.method;
  return `signs with ${signsWith}${method === undefined ? '' : ` (${method})`}`;
}

function peerPart({ name }: NodeReport, keys: KeysOfNode): string {
  if (keys.accepts === undefined) return `${name} ${signs(keys)} and does not say what it accepts`;
  const listed = keys.accepts.map(({ index, agreement }) =>
    agreement === 'other' ? `${index} (another key!)` : index,
  );
  return `${name} accepts ${listed.join(', ')} and ${signs(keys)}`;
}
