/** What an administrator writes into the files of a pair while it runs: one change at a time, of every kind that a reload knows. */
import type { GroupConfiguration, ResourceConfiguration } from '../../../src/core/config/configuration.ts';
import type { Draw } from './draw.ts';
import { makeGroup, nodeNames, type Setup } from './setup.ts';

let serial = 0;

/** Names of what is added are never used twice in a run. */
export function changedFiles(files: Setup, draw: Draw): Setup {
  const change = draw.pick([
    addResource,
    addResource,
    takeResource,
    takeResource,
    moveResource,
    addGroup,
    takeGroup,
    retime,
    reorder,
    otherOwner,
  ]);
  return change(files, draw);
}

function addResource(files: Setup, draw: Draw): Setup {
  const group = draw.pick(files.groups);
  const resources = [...group.resources];
  resources.splice(draw.between(1, resources.length), 0, newResource(draw));
  return withGroup(files, group, resources);
}

/** Not the first: it is the name of the group. */
function takeResource(files: Setup, draw: Draw): Setup {
  const group = draw.pick(files.groups);
  if (group.resources.length === 1) return addResource(files, draw);
  const at = draw.between(1, group.resources.length - 1);
  return withGroup(files, group, group.resources.toSpliced(at, 1));
}

function moveResource(files: Setup, draw: Draw): Setup {
  const [from, to] = draw.shuffled(files.groups);
  if (from === undefined || to === undefined || from.resources.length === 1) return addResource(files, draw);
  const at = draw.between(1, from.resources.length - 1);
  const moved = from.resources[at]!;
  return withGroup(withGroup(files, from, from.resources.toSpliced(at, 1)), to, [...to.resources, moved]);
}

function reorder(files: Setup, draw: Draw): Setup {
  const group = draw.pick(files.groups);
  const [first, ...rest] = group.resources;
  return withGroup(files, group, [first!, ...draw.shuffled(rest)]);
}

function addGroup(files: Setup, draw: Draw): Setup {
  if (files.groups.length > 3) return takeGroup(files, draw);
  const key = `later${++serial}`;
  const group = makeGroup(key, draw.pick(nodeNames), ['service'], 50 + serial);
  return { ...files, groups: [...files.groups, { ...group, resources: [...group.resources, newResource(draw)] }] };
}

function takeGroup(files: Setup, draw: Draw): Setup {
  if (files.groups.length === 1) return addResource(files, draw);
  const gone = draw.pick(files.groups);
  return { ...files, groups: files.groups.filter((group) => group !== gone) };
}

function otherOwner(files: Setup, draw: Draw): Setup {
  const changed = draw.pick(files.groups);
  const owner = draw.pick(nodeNames);
  return { ...files, groups: files.groups.map((group) => (group === changed ? { ...group, owner } : group)) };
}

function retime(files: Setup, draw: Draw): Setup {
  const deadtimeMs = draw.pick([3, 4, 5, 10, 20]) * files.keepaliveMs;
  return { ...files, deadtimeMs, autoFailback: draw.chance(0.5) };
}

function newResource(draw: Draw): ResourceConfiguration {
  const name = `added${++serial}`;
  return draw.chance(0.5)
    ? {
        written: `10.1.${serial >> 8}.${serial & 255}`,
        kind: 'script',
        type: 'IPaddr',
        args: [`10.1.${serial >> 8}.${serial & 255}`],
      }
    : { written: name, kind: 'script', type: name, args: [] };
}

function withGroup(files: Setup, changed: GroupConfiguration, resources: readonly ResourceConfiguration[]): Setup {
  return {
    ...files,
    groups: files.groups.map((group) => (group.key === changed.key ? { ...group, resources } : group)),
  };
}

/** A run begins with the same names, whatever ran in this process before. */
export function beginNames(): void {
  serial = 0;
}
