/** The line of `status` about keys: who signs with which, and which the other node accepts. */
import type { KeysOfNode, NodeReport, StatusReport } from '../../protocol/status.ts';
import type { Terminal } from '../terminal.ts';
import { paint, wrap } from '../text.ts';

export function keysText(terminal: Terminal, { nodes }: StatusReport): string {
  const [self, other] = [nodes.find((node) => node.self), nodes.find((node) => !node.self)];
  if (self?.keys === undefined) return '';
  const parts = [`${self.name} ${signs(self.keys)}`];
  if (other?.keys !== undefined) parts.push(peerPart(other, other.keys));
  const unread = other?.product === 'heartbeat' && !isKnownToHeartbeat(self.keys);
  if (unread) parts.push(`${other.name} runs Heartbeat 3 and CANNOT READ what ${self.name} signs so`);
  const text = wrap(`Keys: ${parts.join('; ')}.`, terminal.columns, '  ', '');
  return unread ? paint(terminal, 'bad', text) : text;
}

function signs({ signsWith, accepts }: KeysOfNode): string {
  const method = accepts?.find(({ index }) => index === signsWith)?.method;
  return `signs with ${signsWith}${method === undefined ? '' : ` (${method})`}`;
}

function isKnownToHeartbeat({ signsWith, accepts }: KeysOfNode): boolean {
  const method = accepts?.find(({ index }) => index === signsWith)?.method ?? '';
  return ['sha1', 'md5', 'crc'].includes(method);
}

function peerPart({ name }: NodeReport, keys: KeysOfNode): string {
  if (keys.accepts === undefined) return `${name} ${signs(keys)} and does not say what it accepts`;
  const listed = keys.accepts.map(({ index, agreement }) =>
    agreement === 'other' ? `${index} (another key!)` : index,
  );
  return `${name} accepts ${listed.join(', ')} and ${signs(keys)}`;
}
