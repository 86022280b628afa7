/**
 * dopd, built in: DRBD asks, through `drbd-peer-outdater`, that the other node's copy of a resource be marked outdated
 * before this one is written alone. The question goes to the peer as Heartbeat's own dopd puts it, the peer's agent host
 * runs `drbdadm outdate`, and the answer is the code that DRBD expects of a fence-peer handler.
 *
 * Observed on a real dopd (test/data/heartbeat-3.0.6): drbdadm's 0, 5 and 17 become 4, 3 and 6, anything else 20. Where
 * a real one says 5 ("not reachable", which DRBD takes for dead) without knowing, here it is 20: DRBD waits instead.
 */
import type { NodeEvent } from './events.ts';
import type { NodeState } from './node-state.ts';
import { failure } from './result.ts';
import { arm } from './timers.ts';
import { type Message, messageOf, textOf } from './transport/message.ts';
import { type Microseconds, usPerMs } from './types.ts';

export interface DopdState {
  nextId: number;
  /** Questions of tools here, to the peer. */
  readonly asked: OutdateQuestion[];
  /** What the agent host is doing for the peer: id to resource. */
  readonly running: Map<number, string>;
}

interface OutdateQuestion {
  readonly resource: string;
  readonly requestId: number;
  readonly askedUs: Microseconds;
  readonly dueUs: Microseconds;
}

/** What DRBD understands by the answer of a fence-peer handler. */
export const fencePeerCode = { inconsistent: 3, outdated: 4, unreachable: 5, primary: 6, failed: 20 } as const;

const questionsMax = 64;
const runningMax = 16;
/** Goes into an argument array; a name that looks like an option is none. */
const resourceName = /^[A-Za-z0-9_][A-Za-z0-9_.+-]{0,127}$/;
const client = { from_id: 'dopd', to_id: 'dopd', client_gen: '0' } as const;

export const createDopd = (): DopdState => ({ nextId: 1, asked: [], running: new Map() });

/** A tool here wants the peer's copy outdated. */
export function outdatePeer(state: NodeState, resource: string, timeoutMs: number, requestId: number): void {
  const { dopd, peer, options, nowUs } = state;
  if (!isOn(state)) return refuse(state, requestId, failure('dopd-off', { node: options.self }).problem);
  if (!resourceName.test(resource)) return refuse(state, requestId, failure('dopd-resource', { resource }).problem);
  if (peer.presence !== 'up') return answer(state, requestId, resource, fencePeerCode.unreachable);
  if (dopd.asked.length >= questionsMax) return answer(state, requestId, resource, fencePeerCode.failed);
  const dueUs = nowUs + timeoutMs * usPerMs;
  dopd.asked.push({ resource, requestId, askedUs: nowUs, dueUs });
  arm(state.timers, `outdate ${requestId}`, dueUs);
  say(state, 'start_outdate', { dop_res: resource });
}

/** Messages of the peer: its question, or its answer. */
export function dopdMessage(state: NodeState, message: Message): void {
  const type = textOf(message, 't');
  const resource = textOf(message, 'dop_res') ?? '';
  if (type === 'start_outdate') peerAsks(state, resource);
  if (type !== 'outdate_rc') return;
  const code = Number.parseInt(textOf(message, 'dop_value') ?? '', 10);
  for (const question of takeQuestions(state, (one) => one.resource === resource))
    answer(state, question.requestId, resource, Number.isInteger(code) ? code : fencePeerCode.failed);
}

/** The agent host has run drbdadm; undefined: it did not run, or was killed. */
export function outdateDone(state: NodeState, { id, exitCode }: Extract<NodeEvent, { type: 'outdateDone' }>): void {
  const resource = state.dopd.running.get(id);
  if (resource === undefined) return;
  state.dopd.running.delete(id);
  const code = codeOf(exitCode);
  const fields = { resource, peer: state.options.peer, code, exitCode: exitCode ?? 'none' };
  const level = code === fencePeerCode.outdated ? 'notice' : 'warning';
  state.effects.push({ type: 'log', level, message: { code: 'dopd-outdated-here', fields } });
  say(state, 'outdate_rc', { dop_value: String(code), dop_res: resource });
}

/** Called after every event. A peer that is gone is unreachable; one that goes on talking and does not answer is not. */
export function settleDopd(state: NodeState): void {
  const { peer, nowUs } = state;
  if (peer.presence !== 'up') {
    for (const question of takeQuestions(state, () => true))
      answer(state, question.requestId, question.resource, fencePeerCode.unreachable);
    return;
  }
  for (const question of takeQuestions(state, (one) => nowUs >= one.dueUs)) {
    const talks = peer.lastHeardUs > question.askedUs + 2 * state.options.keepaliveMs * usPerMs;
    const code = talks ? fencePeerCode.failed : fencePeerCode.unreachable;
    answer(state, question.requestId, question.resource, code);
  }
}

/** What the lost host was doing is not known: the peer must not go on as if it had been done. */
export function dopdHostLost(state: NodeState): void {
  const ids = [...state.dopd.running.keys()];
  for (const id of ids) outdateDone(state, { type: 'outdateDone', nowUs: state.nowUs, id, exitCode: undefined });
}

function peerAsks(state: NodeState, resource: string): void {
  const { dopd } = state;
  const willing = isOn(state) && resourceName.test(resource) && dopd.running.size < runningMax && state.hostReady;
  if (!willing) {
    const fields = { resource: resource.slice(0, 128), peer: state.options.peer };
    state.effects.push({ type: 'log', level: 'warning', message: { code: 'dopd-refused', fields } });
    say(state, 'outdate_rc', { dop_value: String(fencePeerCode.failed), dop_res: resource.slice(0, 128) });
    return;
  }
  const id = dopd.nextId++;
  dopd.running.set(id, resource);
  state.effects.push({ type: 'outdate', id, resource });
}

function codeOf(exitCode: number | undefined): number {
  if (exitCode === 0) return fencePeerCode.outdated;
  if (exitCode === 5) return fencePeerCode.inconsistent;
  return exitCode === 17 ? fencePeerCode.primary : fencePeerCode.failed;
}

function takeQuestions(state: NodeState, which: (question: OutdateQuestion) => boolean): OutdateQuestion[] {
  const { asked } = state.dopd;
  const taken = asked.filter(which);
  for (const question of taken) asked.splice(asked.indexOf(question), 1);
  return taken;
}

function answer(state: NodeState, requestId: number, resource: string, code: number): void {
  if (code === fencePeerCode.outdated) {
    state.effects.push({ type: 'reply', requestId, ok: true, final: true });
    return;
  }
  refuse(state, requestId, failure('dopd-answer', { resource, peer: state.options.peer, code }).problem);
}

function refuse(state: NodeState, requestId: number, problem: ReturnType<typeof failure>['problem']): void {
  state.effects.push({ type: 'reply', requestId, ok: false, problem, final: true });
}

const isOn = ({ options }: NodeState): boolean => options.clients?.includes('dopd') === true;

function say(state: NodeState, type: string, fields: Readonly<Record<string, string>>): void {
  state.effects.push({ type: 'send', message: messageOf(type, { ...fields, ...client }), dest: state.options.peer });
}
