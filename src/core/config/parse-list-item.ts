/** Directives that collect: node, bcast, serial, env, ping. */
import { linkId, nodeName } from '../types.ts';
import type { LinkConfiguration } from './configuration.ts';
import { defaultBaud, maxSerialLines } from './directives/links.ts';
import type { Directive } from './directives.ts';
import type { ParserContext } from './ha-cf.ts';
import type { Word } from './lexer.ts';
import { nearestWord } from './nearest.ts';
import { parsePing } from './parse-ping.ts';

export const defaultPort = 694;

export function parseListItem(context: ParserContext, directive: Directive, word: Word): void {
  switch (directive.name) {
    case 'node':
      parseNode(context, word);
      return;
    case 'udp':
      context.reporter.report('link-old-name', word);
      parseBroadcast(context, word);
      return;
    case 'bcast':
      parseBroadcast(context, word);
      return;
    case 'env':
      parseEnvironment(context, word);
      return;
    case 'ping':
    case 'ping6':
      parsePing(context, word, directive.name === 'ping' ? 4 : 6);
      return;
    case 'serial':
      parseSerial(context, word);
      return;
    default:
  }
}

function parseNode({ result, reporter }: ParserContext, word: Word): void {
  const name = nodeName(word.text);
  if (!/^[a-z0-9._-]{1,100}$/.test(name)) {
    reporter.report('node-name', word, { node: word.text.slice(0, 120) });
  } else if (result.nodes.some((node) => node.name === name)) {
    reporter.report('node-twice', word, { node: name });
  } else {
    result.nodes.push({ name, place: word });
  }
}

function parseBroadcast(context: ParserContext, word: Word): void {
  const device = word.text;
  if (!checkDevice(context, word, 'device-missing')) return;
  addLink(context, { id: linkId(`bcast/${device}`), kind: 'bcast', device, port: portInForce(context) }, word);
}

export function addLink({ result, reporter }: ParserContext, link: LinkConfiguration, place: Word): void {
  if (result.links.some((other) => other.link.id === link.id)) {
    reporter.report('link-twice', place, { link: link.id });
  } else {
    result.links.push({ link, place });
  }
}

/** False when the machine is known not to have the device and Heartbeat would refuse the line for it. */
export function checkDevice(
  context: ParserContext,
  word: Word,
  code: 'device-missing' | 'device-missing-later',
): boolean {
  const { interfaces } = context.host;
  if (interfaces === undefined || interfaces.includes(word.text)) return true;
  const fields = {
    device: word.text,
    devices: interfaces.join(', '),
    nearest: nearestWord(word.text, interfaces) ?? '',
  };
  context.reporter.report(code, word, fields);
  if (code === 'device-missing-later') return true;
  context.result.linkErrors += 1;
  return false;
}

/** Order matters: a link is opened on the port that the lines above it name. */
export function portInForce({ result, host }: ParserContext): number {
  const written = result.scalars.get('udpport')?.value;
  return typeof written === 'number' ? written : (host.servicePort ?? defaultPort);
}

/** The speed is the one that stands above the line, as in Heartbeat. */
function parseSerial(context: ParserContext, word: Word): void {
  const { result, reporter, host } = context;
  const device = word.text;
  const kind = host.fileKind?.(device) ?? 'device';
  if (kind !== 'device') {
    reporter.report('serial-device', word, { device, kind });
    result.linkErrors += 1;
    return;
  }
  if (result.links.filter(({ link }) => link.kind === 'serial').length === maxSerialLines) {
    reporter.report('serial-too-many', word, { limit: maxSerialLines });
    return;
  }
  const baud = Number(result.scalars.get('baud')?.value ?? defaultBaud);
  addLink(context, { id: linkId(`serial${device}`), kind: 'serial', device, baud }, word);
}

function parseEnvironment({ result, reporter }: ParserContext, word: Word): void {
  const equals = word.text.indexOf('=');
  const name = word.text.slice(0, equals);
  if (equals < 0) reporter.report('env-without-value', word, { value: word.text });
  else if (equals === 0) reporter.report('env-invalid', word, { value: word.text });
  else if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(name)) reporter.report('env-name', word, { name });
  else result.environment.set(name, word.text.slice(equals + 1));
}
