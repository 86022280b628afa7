/** What went wrong in the past of a random CIB: failed and pending operations, fail counts, migrations that broke off. */
import { monitorsOf, type Past } from './history.ts';
import type { Recorded } from './operations.ts';
import { nowS, type World } from './world.ts';

export function addFaults(world: World, pasts: readonly Past[]): void {
  addMigrations(world, pasts);
  addMultiplyActive(world, pasts);
  for (const past of pasts) {
    changeDefinition(world, past);
    const failure = addFailure(world, past);
    if (failure !== undefined) count(world, past, failure);
    else addPending(world, past);
    if (past.role !== 'stopped' && world.may('orphaned monitors', 0.25)) {
      past.record.operations.push({ name: 'monitor', intervalMs: 77_000, rc: 0, ageS: 60 });
    }
    if (world.on.has('fail counts') && world.draw.chance(0.06))
      count(world, past, { name: 'monitor', intervalMs: 10_000, rc: 1, ageS: 300 });
  }
}

/** Old parameters in the record: the definition has changed since, in a way that needs a restart or not. */
function changeDefinition(world: World, { record }: Past): void {
  const { params } = record.primitive;
  const [name] = [...params.keys()];
  if (name === undefined) return;
  const former = new Map(params).set(name, 'former');
  if (world.may('reloadable change', 0.5)) {
    const others = [...params.keys()].filter((key) => key !== name);
    record.former = { params: former, restart: others };
  } else if (world.may('definition changed', 0.35)) {
    record.former = world.draw.chance(0.3) ? { params: former, restart: [name] } : { params: former };
  }
}

const softAndHard = [1, 1, 1, 7, 7, 2, 3, 4, 5, 6, 9];

function addFailure(world: World, past: Past): Recorded | undefined {
  const { draw } = world;
  const { operations, primitive } = past.record;
  const ageS = world.may('expired failures', 0.5) ? draw.pick([4000, 90_000]) : draw.between(1, 290);
  const add = (failed: Recorded): Recorded => {
    operations.push({ ...failed, failure: true });
    return failed;
  };
  const status = draw.chance(0.15) ? { status: draw.pick([2, 4]) } : {};
  const promotable = primitive.top.clone?.promotable === true;
  if (past.role !== 'stopped') {
    const monitors = operations.filter(({ intervalMs }) => (intervalMs ?? 0) > 0);
    const monitor = monitors.length === 0 ? undefined : draw.pick(monitors);
    if (monitor !== undefined && world.may('failed monitors', 0.3)) {
      operations.splice(operations.indexOf(monitor), 1);
      const rc =
        monitor.rc === 8 ? draw.pick([1, 7, 0, 9, 9]) : draw.pick([...softAndHard, ...(promotable ? [8] : [])]);
      return add({ ...monitor, rc, ageS, ...status });
    }
    if (monitor !== undefined && world.may('degraded results', 0.3)) {
      monitor.rc = monitor.rc === 8 ? 191 : 190;
      return undefined;
    }
    if (world.may('failed stops', 0.2)) {
      return add({ name: 'stop', rc: draw.pick([1, 1, 5, 6]), ageS, ...status });
    }
    if (promotable && world.may('failed promotions', 0.5)) {
      const name = past.role === 'promoted' ? 'demote' : 'promote';
      return add({ name, rc: draw.pick([1, 1, 7, 9, 5]), ageS, ...status });
    }
    return undefined;
  }
  if (world.may('failed starts', 0.25))
    return add({ name: 'start', rc: draw.pick([1, 1, 1, 7, 5, 6, 2]), ageS, ...status });
  if (past.node.state !== 'offline' && world.may('failed probes', 0.3)) {
    operations.length = 0;
    return add({
      name: 'monitor',
      rc: draw.pick([1, 2, 3, 4, 5, 6, 9, ...(promotable ? [8] : [0])]),
      expected: 7,
      ageS,
      ...status,
    });
  }
  return undefined;
}

function count(world: World, { node, record }: Past, failed: Recorded): void {
  const { draw } = world;
  if (!world.may('fail counts', 0.8)) return;
  const fatal = failed.name === 'start' && world.options.get('start-failure-is-fatal') !== 'false';
  const value = fatal || draw.chance(0.1) ? 'INFINITY' : String(draw.between(1, 3));
  const perResource = world.may('fail counts per resource');
  const suffix = perResource ? record.id : `${record.id}#${failed.name}_${failed.intervalMs ?? 0}`;
  node.transient.set(`fail-count-${suffix}`, value);
  node.transient.set(`last-failure-${suffix}`, String(nowS - failed.ageS));
}

/** An operation that was under way: its result is not known. */
function addPending(world: World, past: Past): void {
  if (!world.may('pending operations', 0.2)) return;
  const { draw } = world;
  const promotable = past.record.primitive.top.clone?.promotable === true;
  const active = promotable ? ['stop', 'promote', 'demote', 'monitor'] : ['stop', 'monitor'];
  const name = draw.pick(past.role === 'stopped' ? ['start', 'monitor', 'start'] : active);
  const pending: Recorded = { name, rc: 193, status: -1, ageS: draw.between(1, 20) };
  if (name !== 'monitor') past.record.operations.push(pending);
  else if (past.role === 'stopped')
    past.record.operations.splice(0, Number.POSITIVE_INFINITY, { ...pending, expected: 7 });
  else {
    const monitor = past.record.operations.find(({ intervalMs }) => (intervalMs ?? 0) > 0);
    if (monitor !== undefined) past.record.operations.push({ ...pending, intervalMs: monitor.intervalMs as number });
  }
}

function addMultiplyActive(world: World, pasts: readonly Past[]): void {
  for (const past of pasts) {
    const elsewhere = pasts.some((other) => other.record.id === past.record.id && other.role !== 'stopped');
    if (past.role !== 'stopped' || !elsewhere || past.record.primitive.top.clone !== undefined) continue;
    if (past.node.state === 'offline' || !world.may('multiply active', 0.3)) continue;
    past.role = 'started';
    const found = world.draw.chance(0.6);
    past.record.operations = found
      ? [{ name: 'monitor', rc: 0, expected: 7, ageS: 100 }]
      : [{ name: 'start', rc: 0, ageS: 100 }, ...monitorsOf(past.record.primitive, 'started', 90)];
  }
}

/** Live migrations at every stage, done and failed. */
function addMigrations(world: World, pasts: readonly Past[]): void {
  for (const source of pasts) {
    if (source.role !== 'started' || source.record.primitive.meta.get('allow-migrate') !== 'true') continue;
    const target = pasts.find(
      (other) => other.record.id === source.record.id && other.node !== source.node && other.role === 'stopped',
    );
    if (target === undefined || target.node.state === 'offline' || source.record.primitive.top.clone !== undefined)
      continue;
    if (world.may('migrations in history', 0.5)) migrate(world, source, target);
  }
}

function migrate(world: World, source: Past, target: Past): void {
  const { draw } = world;
  const migration = { source: source.node.name, target: target.node.name };
  const to: Recorded = { name: 'migrate_to', rc: 0, ageS: 60, migration };
  const from: Recorded = { name: 'migrate_from', rc: 0, ageS: 50, migration };
  const kind = draw.pick(['moved', 'not yet stopped', 'half', 'to failed', 'from failed', 'pending', 'from pending']);
  if (kind === 'to failed') to.rc = draw.pick([1, 1, 7]);
  if (kind === 'pending') Object.assign(to, { rc: 193, status: -1 });
  source.record.operations.push(kind === 'to failed' ? { ...to, failure: true } : to);
  if (kind === 'from failed') Object.assign(from, { rc: draw.pick([1, 7]), failure: true });
  if (kind === 'from pending') Object.assign(from, { rc: 193, status: -1 });
  if (['moved', 'not yet stopped', 'from failed', 'from pending'].includes(kind)) target.record.operations.push(from);
  if (kind === 'moved') {
    source.record.operations.push({ name: 'stop', rc: 0, ageS: 40 });
    source.role = 'stopped';
    target.role = 'started';
    target.record.operations.push(...monitorsOf(target.record.primitive, 'started', 30));
  }
}
