/**
 * The store's messages as messages of the cluster: one type for each kind, its fields with the names of docs/wire-protocol.md.
 * The transport has verified who sent them; still nothing is believed that is not of the expected form and size.
 */
import { parseDecimalNumber } from '../../transport/bytes.ts';
import { bytesOf, type Field, type Message, textOf } from '../../transport/message.ts';
import { chainMax } from './ancestry.ts';
import { type Digest, isDigest, isDigestOrNone, type Standing, tidyText } from './entry.ts';
import type { ChainLink, Head, Outcome, Purpose, StoreMessage } from './messages.ts';
import { fileBytesMax, partBytes, partsOf } from './parts.ts';
import { parseVersion, type Version, versionText } from './version.ts';

const partsMax = partsOf(fileBytesMax);
const reasonLength = 2000;
const outcomeFieldsMax = 8;
const purposes: readonly string[] = ['version', 'proposal', 'copy'] satisfies readonly Purpose[];

export function toMessage(message: StoreMessage): Message {
  switch (message.kind) {
    case 'head':
      return withFields('pbcibhead', { ...headFields(message.head), ask: message.wantsAnswer ? '1' : '0' });
    case 'offer': {
      const { purpose, file, bytes, digest, base, sum, data } = message;
      return withData('pbciboffer', { purpose, file, bytes: String(bytes), digest, base, sum }, data);
    }
    case 'part': {
      const { file, number, sum, data } = message;
      return withData('pbcibpart', { file, part: String(number), sum }, data);
    }
    case 'ask':
      return withFields('pbcibask', { file: message.file, from: String(message.from), to: String(message.to) });
    case 'want':
      return withFields('pbcibwant', { digest: message.digest });
    case 'accepted':
      return withFields('pbcibaccept', { digest: message.digest });
    case 'refused':
      return withFields('pbcibrefuse', {
        digest: message.digest,
        code: message.code,
        reason: tidyText(message.reason, reasonLength),
      });
    case 'outcome':
      return withFields('pbcibdone', { request: message.request, ...outcomeFields(message.outcome) });
  }
}

/** `undefined`: none of the store's, or nonsense. */
export function fromMessage(message: Message): StoreMessage | undefined {
  const text = (name: string): string => textOf(message, name) ?? '';
  const digest = text('digest');
  const file = text('file');
  const number = (name: string, max: number): number | undefined => {
    const value = parseDecimalNumber(textOf(message, name));
    return value !== undefined && value >= 1 && value <= max ? value : undefined;
  };
  switch (textOf(message, 't')) {
    case 'pbcibhead': {
      const head = headFrom(text);
      return head === undefined ? undefined : { kind: 'head', head, wantsAnswer: text('ask') === '1' };
    }
    case 'pbciboffer': {
      const bytes = number('bytes', fileBytesMax);
      const purpose = text('purpose');
      const base = text('base');
      const data = dataOf(message);
      if (data === undefined) return undefined;
      if (bytes === undefined || !purposes.includes(purpose)) return undefined;
      if (!isDigest(file) || !isDigest(digest) || !isDigestOrNone(base)) return undefined;
      return { kind: 'offer', purpose: purpose as Purpose, file, bytes, digest, base, sum: text('sum'), data };
    }
    case 'pbcibpart': {
      const part = number('part', partsMax);
      const data = dataOf(message);
      const sum = text('sum');
      if (part === undefined || data === undefined || !isDigest(file)) return undefined;
      return { kind: 'part', file, number: part, sum, data };
    }
    case 'pbcibask': {
      const from = number('from', partsMax);
      const to = number('to', partsMax);
      if (from === undefined || to === undefined || !isDigest(file)) return undefined;
      return { kind: 'ask', file, from, to };
    }
    case 'pbcibwant':
      return isDigest(digest) ? { kind: 'want', digest } : undefined;
    case 'pbcibaccept':
      return isDigest(digest) ? { kind: 'accepted', digest } : undefined;
    case 'pbcibrefuse':
      if (!isDigest(digest) || !isCode(text('code'))) return undefined;
      return { kind: 'refused', digest, code: text('code'), reason: tidyText(text('reason'), reasonLength) };
    case 'pbcibdone': {
      const request = text('request');
      const outcome = outcomeFrom(text);
      return outcome === undefined || !isDigest(request) ? undefined : { kind: 'outcome', request, outcome };
    }
    default:
      return undefined;
  }
}

function withFields(type: string, fields: Readonly<Record<string, string>>): Message {
  const named: Field[] = Object.entries(fields).map(([name, value]) => ({ name, value }));
  return { fields: [{ name: 't', value: type }, ...named] };
}

function withData(type: string, fields: Readonly<Record<string, string>>, data: Uint8Array): Message {
  return { fields: [...withFields(type, fields).fields, { name: 'data', value: data }] };
}

function dataOf(message: Message): Uint8Array | undefined {
  const data = bytesOf(message, 'data');
  return data !== undefined && data.length <= partBytes ? data : undefined;
}

/** `digest` or `digest:standing`, with blanks between them. */
function headFields({ current, chain, apart }: Head): Readonly<Record<string, string>> {
  return {
    version: current === undefined ? '' : versionText(current.version),
    digest: current?.digest ?? '',
    chain: chain
      .map((link) => (link.alone === undefined ? link.digest : `${link.digest}:${standingText(link.alone)}`))
      .join(' '),
    apart: standingText(apart),
  };
}

function headFrom(text: (name: string) => string): Head | undefined {
  const apart = standingFrom(text('apart'));
  const chain = chainFrom(text('chain'));
  if (apart === undefined || chain === undefined) return undefined;
  if (text('digest') === '' && text('version') === '') return { current: undefined, chain, apart };
  const version = parseVersion(text('version'));
  const digest = text('digest');
  return version === undefined || !isDigest(digest) ? undefined : { current: { version, digest }, chain, apart };
}

function chainFrom(text: string): readonly ChainLink[] | undefined {
  const links = text === '' ? [] : text.split(' ').slice(0, chainMax);
  const read = links.map((link): ChainLink | undefined => {
    const [digest = '', standing] = link.split(':');
    const alone = standing === undefined ? undefined : standingFrom(standing);
    if (!isDigest(digest) || (standing !== undefined && alone === undefined)) return undefined;
    return alone === undefined ? { digest } : { digest, alone };
  });
  return read.every((link) => link !== undefined) ? (read as ChainLink[]) : undefined;
}

/** `f1q0h3`: fenced the other one, no quorum, three resources. */
function standingText({ fenced, quorum, held }: Standing): string {
  return `f${fenced ? 1 : 0}q${quorum ? 1 : 0}h${held}`;
}

function standingFrom(text: string): Standing | undefined {
  const match = /^f([01])q([01])h(\d{1,9})$/.exec(text);
  return match === null ? undefined : { fenced: match[1] === '1', quorum: match[2] === '1', held: Number(match[3]) };
}

function outcomeFields(outcome: Outcome): Readonly<Record<string, string>> {
  if (outcome.ok) return { version: versionText(outcome.version), digest: outcome.digest };
  const facts = Object.entries(outcome.fields).slice(0, outcomeFieldsMax);
  return {
    code: outcome.code,
    ...Object.fromEntries(facts.map(([name, value]) => [`fact-${name}`, tidyText(value, reasonLength)])),
    facts: facts.map(([name]) => name).join(' '),
  };
}

function outcomeFrom(text: (name: string) => string): Outcome | undefined {
  const code = text('code');
  if (code === '') {
    const version: Version | undefined = parseVersion(text('version'));
    const digest: Digest = text('digest');
    return version === undefined || !isDigest(digest) ? undefined : { ok: true, version, digest };
  }
  if (!isCode(code)) return undefined;
  const names = text('facts')
    .split(' ')
    .filter((name) => /^[a-z]\w{0,40}$/i.test(name))
    .slice(0, outcomeFieldsMax);
  return {
    ok: false,
    code,
    fields: Object.fromEntries(names.map((name) => [name, tidyText(text(`fact-${name}`), reasonLength)])),
  };
}

function isCode(text: string): boolean {
  return /^[a-z][a-z0-9-]{0,60}$/.test(text);
}
