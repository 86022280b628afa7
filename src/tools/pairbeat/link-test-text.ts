/** Judges the links of a test, and says it: figures in a table, then in words what is wrong with which and what to do. */
import type { LinkTestLink, LinkTestReport } from '../../protocol/link-test.ts';
import type { Terminal } from '../terminal.ts';
import { type Cell, span, type Tone, table, wrap } from '../text.ts';

export interface LinkVerdict {
  readonly link: string;
  /** Alone it would keep the pair together. */
  readonly carries: boolean;
  readonly word: 'good' | 'dead' | 'one way out' | 'one way in' | 'slow' | 'lossy' | 'unprobed';
  readonly meaning: string;
  readonly advice: string;
}

/** A false alarm once in as many keepalives as this is tolerable. */
const tolerableChance = 1e-9;

export function judgeLinks(report: LinkTestReport): LinkVerdict[] {
  return report.links.map((link) => ({ link: link.link, ...judge(link, report) }));
}

type Judgement = Omit<LinkVerdict, 'link'>;

function judge(link: LinkTestLink, report: LinkTestReport): Judgement {
  const { peer, node } = report;
  const hears = link.heard > 0 || link.answered > 0;
  if (report.product === 'unknown' || (link.sent === 0 && !hears)) return dead(link, report);
  if (link.sent === 0) return judgeUnprobed(link, report);
  if (!hears && link.reached === 0) return dead(link, report);
  if (link.reached === 0)
    return oneWay(
      'one way in',
      `${peer} is heard on it, but nothing of ${node} arrives there.`,
      `Look at the firewall of ${peer} (${portText(link, report)}), and at the address that the line names.`,
    );
  if (link.answered === 0)
    return oneWay(
      'one way out',
      `What ${node} sends arrives at ${peer}, but nothing comes back on it.`,
      `Look at the firewall of ${node} (${portText(link, report)}), and at the line for this link in the ha.cf of ${peer}.`,
    );
  return judgeLoss(link, report);
}

function judgeLoss(link: LinkTestLink, report: LinkTestReport): Judgement {
  const reached = link.reached ?? link.answered;
  const out = 1 - reached / link.sent;
  const back = Math.max(0, 1 - link.answered / Math.max(1, reached));
  const loss = Math.max(out, back);
  const most = link.roundTripMs?.most ?? 0;
  if (link.late > 0 && most > report.deadtimeMs / 2)
    return {
      carries: false,
      word: 'slow',
      meaning: `A message and its answer took up to ${most.toFixed(0)} ms; the deadtime is ${report.deadtimeMs} ms.`,
      advice: 'Look for a full queue on the way (a backup over the same cable?), or use a longer deadtime.',
    };
  const carries = loss === 0 || loss ** keepalivesPerDeadtime(report) < tolerableChance;
  if (loss === 0) return { carries, word: 'good', meaning: '', advice: '' };
  return {
    carries,
    word: carries ? 'good' : 'lossy',
    meaning: `${percent(out)} of what leaves and ${percent(back)} of what comes back is lost${carries ? '; the deadtime is long enough for that.' : `: now and then all ${keepalivesPerDeadtime(report)} keepalives of a deadtime would be, and the peer taken for dead.`}`,
    advice: carries
      ? ''
      : 'Look at cable, switch port (duplex, errors: "ip -s link show DEVICE") and load; or use more keepalives in a deadtime.',
  };
}

/** Beside a real Heartbeat only what comes in can be counted. */
function judgeUnprobed(link: LinkTestLink, report: LinkTestReport): Judgement {
  const loss = link.expected === 0 ? 1 : Math.max(0, 1 - link.heard / link.expected);
  const carries = loss === 0 || loss ** keepalivesPerDeadtime(report) < tolerableChance;
  return {
    carries,
    word: carries ? 'unprobed' : 'lossy',
    meaning: `${report.peer} answers no probes, so only what comes in was counted: ${percent(loss)} of it is lost.`,
    advice: carries ? '' : 'Look at cable, switch port and load.',
  };
}

function dead(link: LinkTestLink, report: LinkTestReport): Judgement {
  const [kind] = link.link.split('/');
  const common = `Is the cable in, and the line for it in the ha.cf of ${report.peer}? Does a firewall on either node stop ${portText(link, report)}?`;
  const special: Readonly<Record<string, string>> = {
    bcast: ` Have both devices the same network and broadcast address ("ip address show ${link.device}")?`,
    mcast:
      ' Does the switch pass multicast (IGMP snooping without a querier blocks it)? Are group, port and ttl the same on both nodes?',
    mcast6:
      ' Does the switch pass multicast (MLD snooping without a querier blocks it)? Are group and port the same on both nodes?',
    ucast: ` Is the address that of ${report.peer} on that network?`,
    ucast6: ` Is the address that of ${report.peer} on that network, and present there ("ip -6 address")?`,
    serial: ' Is it a null-modem cable with RTS and CTS crossed, and `baud` the same on both nodes?',
  };
  return {
    carries: false,
    word: 'dead',
    meaning: 'Nothing passes in either direction.',
    advice: `${common}${special[kind ?? ''] ?? ''}`,
  };
}

function oneWay(word: LinkVerdict['word'], meaning: string, advice: string): Judgement {
  return { carries: false, word, meaning, advice };
}

function portText({ link }: LinkTestLink, { sidePort }: LinkTestReport): string {
  if (link.startsWith('serial')) return 'nothing on a serial line, of course';
  return sidePort === undefined
    ? 'the UDP port of the cluster, 694 unless udpport says otherwise'
    : `UDP port ${sidePort}`;
}

const keepalivesPerDeadtime = ({ keepaliveMs, deadtimeMs }: LinkTestReport): number =>
  Math.max(1, Math.floor(deadtimeMs / keepaliveMs));

const percent = (share: number): string => `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;

const legend =
  'there: probes that arrived at the peer; back: answers that came back, late: after the next keepalive was due; heard: messages of the peer that came on this link, of those that it sent; trip: there and back, as a rule and at worst.';

export function linkTestText(terminal: Terminal, report: LinkTestReport): string {
  const verdicts = judgeLinks(report);
  const head: Cell[] = ['link', '', 'there', 'back', 'late', 'heard', 'trip', 'worst'].map((text) => ({
    text,
    tone: 'quiet',
  }));
  const rows = report.links.map((link, index) => rowOf(link, verdicts[index]!));
  const lines = [
    `${report.node} to ${report.peer} (${report.product === 'unknown' ? 'not heard' : report.product}), ${(report.durationMs / 1000).toFixed(0)} s${report.sidePort === undefined ? '' : `, on port ${report.sidePort}`}\n\n`,
    table(terminal, [head, ...rows]),
    `\n${wrap(legend, terminal.columns, '')}`,
  ];
  for (const { link, meaning, advice } of verdicts) {
    if (meaning === '') continue;
    lines.push(`\n${wrap(`${link}: ${meaning}`, terminal.columns, '  ', '')}`);
    if (advice !== '') lines.push(wrap(`-> ${advice}`, terminal.columns, '     ', '  '));
  }
  return `${lines.join('')}\n${wrap(conclusion(verdicts), terminal.columns, '')}`;
}

function conclusion(verdicts: readonly LinkVerdict[]): string {
  const weak = verdicts.filter(({ carries }) => !carries).map(({ link }) => link);
  if (weak.length === 0)
    return verdicts.length === 1
      ? 'The only link carries the pair. A second one over another network would carry it when this one fails.'
      : 'Each of the links would carry the pair alone.';
  if (weak.length === verdicts.length) return 'No link carries the pair.';
  return `The pair lives on the other links: ${weak.join(', ')} would not carry it alone.`;
}

function rowOf(link: LinkTestLink, verdict: LinkVerdict): Cell[] {
  const tone: Tone = verdict.carries ? 'good' : 'bad';
  const probed = link.sent > 0;
  const trip = link.roundTripMs;
  return [
    { text: link.link },
    { text: verdict.word, tone },
    { text: probed ? `${link.reached ?? '?'}/${link.sent}` : '-' },
    { text: probed ? String(link.answered) : '-' },
    { text: probed ? String(link.late) : '-' },
    { text: `${link.heard}/${link.expected}` },
    { text: trip === undefined ? '-' : span(trip.median) },
    { text: trip === undefined ? '-' : span(trip.most) },
  ];
}
