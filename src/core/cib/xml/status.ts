/** `<status>`: what each node was last known to be, and what ran on it. Three quarters of a large CIB. */
import type { NodeState, RecordedOperation, ResourceHistory, Status, TicketState } from '../model.ts';
import { codec } from './codec.ts';
import { nvSets } from './rules.ts';
import { many, wrapper } from './slots.ts';

const allAttributes = { field: 'attributes', whole: true } as const;

const recordedOperation = codec<RecordedOperation>('lrm_rsc_op', {
  attributes: { id: 'id' },
  others: allAttributes,
  required: ['id'],
  slots: [],
});

const history = codec<ResourceHistory>('lrm_resource', {
  attributes: { id: 'id', type: 'type', class: 'class', provider: 'provider' },
  others: allAttributes,
  required: ['id'],
  slots: [many('lrm_rsc_op', 'operations', recordedOperation)],
});

const nodeState = codec<NodeState>('node_state', {
  attributes: { id: 'id', uname: 'uname' },
  others: allAttributes,
  required: ['id'],
  slots: [
    wrapper('lrm', {
      attributes: {},
      slots: [wrapper('lrm_resources', { attributes: {}, slots: [many('lrm_resource', 'history', history)] })],
    }),
    wrapper('transient_attributes', {
      attributes: {},
      slots: [nvSets('instance_attributes', 'transientAttributes'), nvSets('utilization', 'transientUtilization')],
    }),
  ],
});

const ticketState = codec<TicketState>('ticket_state', {
  attributes: { id: 'id' },
  others: allAttributes,
  required: ['id'],
  slots: [],
});

export const statusCodec = codec<Status>('status', {
  attributes: {},
  slots: [
    many('node_state', 'nodes', nodeState),
    wrapper('tickets', { attributes: {}, slots: [many('ticket_state', 'tickets', ticketState)] }),
  ],
});
