/** Events, effects and evidence of a journal in words, one line each. */
import type { NodeEffect } from '../core/effects.ts';
import type { NodeEvent } from '../core/events.ts';
import { textOf } from '../core/transport/message.ts';
import { describe, describeLine } from '../protocol/catalogue.ts';

/** `evidence` of any version: a kind that is not known is shown as it is called. */
export function evidenceWords(evidence: { readonly kind: string }, peer: string): string {
  const fields: Record<string, string | number | boolean> = { peer };
  for (const [name, value] of Object.entries(evidence)) {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') fields[name] = value;
  }
  return describe({ code: `evidence-${evidence.kind}`, fields }).what;
}

export function eventWords(event: NodeEvent): string {
  switch (event.type) {
    case 'message':
      return `message "${textOf(event.message, 't') ?? '?'}" from ${event.from}`;
    case 'operationResult':
      return `answer of operation ${event.result.id}: ${event.result.outcome}${event.result.reason === undefined ? '' : ` (${event.result.reason})`}`;
    case 'peerHeard':
      return `${event.node} is heard${event.returning ? ' again' : ''}, generation ${event.generation}`;
    case 'peerSilent':
      return `${event.node} is silent for ${((event.nowUs - event.lastHeardUs) / 1000).toFixed(1)} ms`;
    case 'command':
      return `command ${event.command.verb} of ${event.who}`;
    case 'boot':
      return `the daemon begins, generation ${event.generation}`;
    case 'ownPause':
      return `this node did not send for ${(event.gapUs / 1000).toFixed(0)} ms`;
    case 'linkState':
      return `link ${event.link} to ${event.node} is ${event.up ? 'up' : 'dead'}`;
    case 'recordPersisted':
      return `record ${event.recordId} is ${event.ok ? '' : 'not '}on disk`;
    default:
      return spelled(event.type);
  }
}

export function effectWords(effect: NodeEffect, peer: string): string {
  switch (effect.type) {
    case 'operation': {
      const { action, resource, group } = effect.operation;
      const why = effect.evidence === undefined ? '' : `: ${evidenceWords(effect.evidence, peer)}`;
      return `${action} ${resource.written} (group ${group})${why}`;
    }
    case 'releaseAddresses':
      return `release ${effect.operations.map(({ resource }) => resource.written).join(' ') || 'no addresses'} at once`;
    case 'log':
      return `log ${effect.level}: ${describeLine(effect.message)}`;
    case 'send':
      return `say "${textOf(effect.message, 't') ?? '?'}"${detail(effect.message.fields)}`;
    case 'advertise':
      return `tell the peer: ${effect.status}${detail(effect.fields)}`;
    case 'persist':
      return `write ${effect.name}: ${effect.content}`;
    case 'reply':
      return `answer request ${effect.requestId}: ${effect.ok ? 'ok' : (effect.problem?.code ?? 'no')}${effect.final ? '' : ' (taken)'}`;
    case 'record':
      return `milestone ${effect.record.kind}`;
    case 'exit':
      return `end the daemon with ${effect.code}${effect.keepHost ? ', the agent host stays' : ''}`;
    case 'fence':
      return `fence ${effect.target} with ${effect.device} (${effect.action})`;
    default:
      return spelled(effect.type);
  }
}

function detail(fields: readonly { readonly name: string; readonly value: string | Uint8Array }[]): string {
  const shown = fields.flatMap(({ name, value }) =>
    typeof value === 'string' && name !== 't' ? `${name}=${value}` : [],
  );
  return shown.length === 0 ? '' : ` (${shown.join(' ')})`;
}

/** `peerDoesNotHearUs` as `peer does not hear us`. */
function spelled(type: string): string {
  return type.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
