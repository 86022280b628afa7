/**
 * What becomes of a group's list of resources once a part of it was changed in place. While the change lasts the list
 * holds everything that runs or may run: what comes and what goes. A resource that did not start is left out of a group
 * that ran well without it, and the group goes on.
 */
import { endAlarm, raiseAlarm } from '../alarms.ts';
import type { ResourceConfiguration } from '../config/configuration.ts';
import type { GroupState, NodeState } from '../node-state.ts';
import { followResources } from './watch.ts';

/** The change is over: only what runs stays in the list. */
export function changeDone(state: NodeState, group: GroupState): void {
  const stays = (resource: ResourceConfiguration): boolean =>
    !group.leftOut.includes(resource.written) && !group.going.includes(resource);
  setResources(group, group.configuration.resources.filter(stays));
  group.going = [];
  const fields = { group: group.configuration.key, resources: group.configuration.resources.length };
  state.effects.push({ type: 'log', level: 'notice', message: { code: 'group-changed', fields } });
}

export function leaveOut(state: NodeState, group: GroupState, at: number): void {
  const written = group.configuration.resources[at]?.written ?? '';
  group.leftOut = [...group.leftOut, written];
  const problem = {
    code: 'resource-left-out',
    fields: { group: group.configuration.key, resource: written, reason: group.lastFailure ?? '' },
  };
  raiseAlarm(state, problem, `${group.configuration.key} ${written}`);
  state.effects.push({ type: 'log', level: 'error', message: problem });
}

/** After a reload, or when an operator says that the reason is gone. */
export function tryLeftOutAgain(state: NodeState, group: GroupState): void {
  for (const written of group.leftOut) endAlarm(state, 'resource-left-out', `${group.configuration.key} ${written}`);
  group.leftOut = [];
}

/** Only where no operation of the group is on its way. */
export function setResources(group: GroupState, resources: readonly ResourceConfiguration[]): void {
  group.configuration = { ...group.configuration, resources };
  followResources(group.monitor, resources);
  const { value, context } = group.snapshot;
  group.snapshot = { value, context: { ...context, size: resources.length } };
}

/** `10.0.0.1` and `IPaddr::10.0.0.1` are the same thing. */
export function sameResource(left: ResourceConfiguration, right: ResourceConfiguration): boolean {
  return (
    left.kind === right.kind &&
    left.type === right.type &&
    left.args.length === right.args.length &&
    left.args.every((argument, index) => argument === right.args[index])
  );
}
