/**
 * Messages that an administrator's script puts into the FIFO. Some mean a command and become one; some belong to the
 * protocol between the nodes, and whoever could say them could forge what this node holds or is: those are refused. All
 * others are sent to the cluster as they are, for the hooks on both nodes, and nothing here depends on them.
 */
import type { NodeCommand, StandbyScope } from './events.ts';
import { askedGroups } from './haresources/handover.ts';
import { failure, type Problem, type Result, success } from './result.ts';
import { type Message, textOf } from './transport/message.ts';

export type ScriptWish =
  | { readonly kind: 'command'; readonly command: NodeCommand }
  | { readonly kind: 'nodes'; readonly verb: 'addNode' | 'deleteNode'; readonly nodes: readonly string[] }
  | { readonly kind: 'node'; readonly node: string; readonly weight?: string; readonly site?: string };

/** What a script has to say fits easily; one message of the cluster is one datagram. */
const fieldsMax = 32;
const bytesMax = 8192;

export function readScriptMessage(message: Message): Result<ScriptWish> {
  const type = textOf(message, 't') ?? '';
  switch (type) {
    case 'ask_resources':
      // The other phases of the handshake are said by the node itself.
      return textOf(message, 'info') === 'me' ? handover(message, 'standby') : refused(type, 'protocol');
    case 'hb_takeover':
      return handover(message, 'takeover');
    case 'addnode':
    case 'delnode':
      return success({ kind: 'nodes', verb: type === 'addnode' ? 'addNode' : 'deleteNode', nodes: nodesIn(message) });
    case 'setweight':
    case 'setsite': {
      const value = textOf(message, type === 'setweight' ? 'weight' : 'site') ?? '';
      const named = { kind: 'node', node: textOf(message, 'node') ?? '' } as const;
      return success(type === 'setweight' ? { ...named, weight: value } : { ...named, site: value });
    }
    default: {
      const problem = whyNotSaid(message);
      return problem === undefined
        ? success({ kind: 'command', command: { verb: 'say', message } })
        : { ok: false, problem };
    }
  }
}

/** Why no script may have this said to the cluster; `undefined` when it may. */
export function whyNotSaid(message: Message): Problem | undefined {
  const type = textOf(message, 't') ?? '';
  if (!/^[A-Za-z][A-Za-z0-9_-]{0,63}$/.test(type)) return refused(type, 'type').problem;
  if (reservedTypes.has(type) || reservedPrefixes.some((prefix) => type.startsWith(prefix)))
    return refused(type, 'protocol').problem;
  // A report in a message of any type is read as one.
  const forged = message.fields.find(({ name }) => name.startsWith('pb'));
  if (forged !== undefined) return refused(type, 'field').problem;
  if (message.fields.some(({ value, opaqueType }) => typeof value !== 'string' || opaqueType !== undefined))
    return refused(type, 'binary').problem;
  const bytes = message.fields.reduce((sum, { name, value }) => sum + name.length + value.length, 0);
  return message.fields.length > fieldsMax || bytes > bytesMax ? refused(type, 'size').problem : undefined;
}

/** Said by daemons and by Heartbeat's own clients. */
const reservedTypes: ReadonlySet<string> = new Set(
  `status starting resource shutdone ask_resources hb_takeover ip-request ip-request-resp reqnodes repnodes addnode
   delnode stonith ifstat query-cstatus respond-cstatus num_ping_nodes abort_giveup you_are_dead start_outdate
   outdate_rc crmd attrd cib stonithd stonith-ng lrmd pengine te quorum`.split(/\s+/),
);
const reservedPrefixes = ['NS_', 'hbapi-', 'pb', 'ccm', 'CCM'] as const;

const scopes: Readonly<Record<string, StandbyScope>> = { all: 'all', local: 'local', foreign: 'foreign' };

function handover(message: Message, verb: 'standby' | 'takeover'): Result<ScriptWish> {
  const scope = scopes[textOf(message, 'rsc_hold') ?? ''];
  if (scope === undefined) return refused(textOf(message, 't') ?? '', 'scope');
  const groups = askedGroups(message);
  return success({ kind: 'command', command: { verb, scope, ...(groups === undefined ? {} : { groups }) } });
}

function nodesIn(message: Message): readonly string[] {
  return (textOf(message, 'nodelist') ?? '').split(' ').filter((name) => name !== '');
}

function refused(messageType: string, reason: string): { readonly ok: false; readonly problem: Problem } {
  return failure('script-message-refused', { messageType, reason });
}
