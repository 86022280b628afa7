/**
 * The picture of the pair, as lines of text: two nodes, the keepalive paths between them, who owns the address, what
 * the client sees. A pure function of what is known, so that the same picture is drawn live and printed as plain text.
 */
export interface NodeView {
  readonly name: string;
  readonly power: boolean;
  /** Word of the cluster for this node: active, dead, ...; `starting` before anybody said anything. */
  readonly state: string;
  readonly owns: boolean;
  readonly services: readonly string[];
  /** Milliseconds since the other node heard it, on its freshest link. */
  readonly heardAgoMs?: number;
}

export interface PairView {
  readonly nodes: readonly [NodeView, NodeView];
  readonly links: readonly string[];
  readonly address: string;
  readonly keepaliveMs: number;
  /** Who answered the client last; undefined while nobody does. */
  readonly answering?: string;
  readonly silentMs: number;
  /** Said on the picture when the address is not a real one. */
  readonly label?: string;
}

export type Paint = (tone: 'owner' | 'dead' | 'quiet' | 'strong' | 'plain', text: string) => string;

const boxWidth = 26;
const wireWidth = 24;

export function drawPair(view: PairView, paint: Paint): string[] {
  const [left, right] = view.nodes.map((node) => drawNode(node, view, paint)) as [string[], string[]];
  const middle = drawWires(view, paint);
  const rows = left.map((line, row) => `  ${line}${middle[row] ?? ' '.repeat(wireWidth)}${right[row]}`);
  return [...rows, `  ${clientLine(view, paint)}`];
}

function drawNode(node: NodeView, view: PairView, paint: Paint): string[] {
  const inner = boxWidth - 2;
  const frame = node.owns ? 'owner' : node.power ? 'plain' : 'dead';
  const rows = [
    node.power ? `● ${node.state}` : '○ no power',
    node.owns ? `► ${view.address}${view.label === undefined ? '' : ` ${view.label}`}` : '',
    node.services.length > 0 ? `► ${node.services.join(' ')}` : '',
  ];
  const line = (text: string, tone: Parameters<Paint>[0]) => {
    const padded = ` ${text}`.slice(0, inner).padEnd(inner);
    return `${paint(frame, '│')}${paint(tone, padded)}${paint(frame, '│')}`;
  };
  const title = `─ ${node.name} `;
  return [
    paint(frame, `┌${title}${'─'.repeat(inner - title.length)}┐`),
    line(rows[0]!, node.power ? 'plain' : 'dead'),
    line(rows[1]!, 'owner'),
    line(rows[2]!, 'owner'),
    paint(frame, `└${'─'.repeat(inner)}┘`),
  ];
}

/** Two directions: a beat runs from the sender to the listener within one keepalive interval. */
function drawWires(view: PairView, paint: Paint): string[] {
  const [left, right] = view.nodes;
  const title = view.links.join(' ').slice(0, wireWidth - 2);
  return [
    centred(paint, 'quiet', title),
    wire(left, right, view.keepaliveMs, 'right', paint),
    wire(right, left, view.keepaliveMs, 'left', paint),
    ' '.repeat(wireWidth),
    ' '.repeat(wireWidth),
  ];
}

function wire(from: NodeView, to: NodeView, keepaliveMs: number, direction: 'left' | 'right', paint: Paint): string {
  const width = wireWidth - 4;
  const age = from.heardAgoMs;
  const alive = from.power && to.power && age !== undefined && age < 3 * keepaliveMs;
  if (!alive) return `  ${paint('dead', '·'.repeat(width))}  `;
  const step = Math.min(width - 1, Math.floor((Math.min(age, keepaliveMs) / keepaliveMs) * width));
  const position = direction === 'right' ? step : width - 1 - step;
  const line = `${'─'.repeat(position)}♥${'─'.repeat(width - 1 - position)}`;
  return `${direction === 'left' ? ' ◄' : '  '}${paint('quiet', line)}${direction === 'right' ? '► ' : '  '}`;
}

function clientLine(view: PairView, paint: Paint): string {
  const width = boxWidth * 2 + wireWidth;
  const text =
    view.answering === undefined
      ? `client: ${view.address} does not answer${view.silentMs > 0 ? ` for ${view.silentMs.toFixed(0)} ms` : ''}`
      : `client: ${view.address} answers from ${view.answering}`;
  const padding = ' '.repeat(Math.max(0, Math.floor((width - text.length) / 2)));
  return padding + paint(view.answering === undefined ? 'dead' : 'strong', text);
}

function centred(paint: Paint, tone: Parameters<Paint>[0], text: string): string {
  const left = Math.floor((wireWidth - text.length) / 2);
  return ' '.repeat(left) + paint(tone, text) + ' '.repeat(wireWidth - text.length - left);
}
