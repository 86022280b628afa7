/** The changes that a simulation begins with: asked for on the command line, made to the CIB, and said to the reader. */
import type { Cib, NvSet, RawElement } from '../../core/cib/model.ts';
import { element } from './element.ts';
import type { CrmSimulateOptions } from './options.ts';
import type { Outline } from './outline.ts';

type Events = Pick<
  CrmSimulateOptions,
  'nodesUp' | 'nodesDown' | 'nodesFailed' | 'operations' | 'quorum' | 'watchdog' | 'tickets'
>;

interface Modification {
  readonly text: string;
  readonly element: RawElement;
}

function modificationsOf(events: Events): Modification[] {
  const node = (action: string, says: (name: string) => string) => (name: string) => ({
    text: says(name),
    element: element('modify_node', { action, node: name }),
  });
  const ticket = (action: string, says: (name: string) => string) => (name: string) => ({
    text: says(name),
    element: element('modify_ticket', { action, ticket: name }),
  });
  const { grant, revoke, standby, activate } = events.tickets;
  return [
    ...events.nodesUp.map(node('Online', (name) => `Bringing node ${name} online`)),
    ...events.nodesDown.map(node('Offline', (name) => `Taking node ${name} offline`)),
    ...events.nodesFailed.map(node('Failing', (name) => `Failing node ${name}`)),
    ...grant.map(ticket('Granting', (name) => `Granting ticket ${name}`)),
    ...revoke.map(ticket('Revoking', (name) => `Revoking ticket ${name}`)),
    ...standby.map(ticket('Standby', (name) => `Making ticket ${name} standby`)),
    ...activate.map(ticket('Activating', (name) => `Activating ticket ${name}`)),
    ...events.operations.map((spec) => ({
      text: `Injecting ${spec} into the configuration`,
      element: element('inject_spec', { spec }),
    })),
  ];
}

export function hasModifications(events: Events): boolean {
  return events.quorum !== undefined || events.watchdog !== undefined || modificationsOf(events).length > 0;
}

export function writeModifications(outline: Outline, events: Events): void {
  outline.list('Performing Requested Modifications', () => {
    if (events.quorum !== undefined) outline.item(`Setting quorum: ${events.quorum}`);
    if (events.watchdog !== undefined) outline.item(`Setting watchdog: ${events.watchdog}`);
    for (const { text } of modificationsOf(events)) outline.item(text);
  });
}

export function modificationsElement(events: Events): RawElement {
  const { quorum, watchdog } = events;
  return element(
    'modifications',
    { quorum, watchdog },
    modificationsOf(events).map((each) => each.element),
  );
}

/** A ticket that is granted, revoked, held back or used again, as its state records it. */
export function ticketChanges({ tickets }: Events): { ticket: string; attributes: Record<string, string> }[] {
  const all = (names: readonly string[], attributes: Record<string, string>) =>
    names.map((ticket) => ({ ticket, attributes }));
  return [
    ...all(tickets.grant, { granted: 'true' }),
    ...all(tickets.revoke, { granted: 'false' }),
    ...all(tickets.standby, { standby: 'true' }),
    ...all(tickets.activate, { standby: 'false' }),
  ];
}

/** The same configuration with a cluster option set. */
export function withOption(cib: Cib, name: string, value: string): Cib {
  const { properties } = cib.configuration;
  const [first, ...others] = properties;
  const set: NvSet = first ?? { id: 'cib-bootstrap-options', pairs: [] };
  const pair = { id: `${set.id ?? 'cib-bootstrap-options'}-${name}`, name, value };
  const pairs = [...set.pairs.filter((each) => each.name !== name), pair];
  return { ...cib, configuration: { ...cib.configuration, properties: [{ ...set, pairs }, ...others] } };
}
