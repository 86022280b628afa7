/**
 * The three kinds of lines on a control socket: the daemon's hello, a tool's request, the daemon's answers to it.
 * Readers check the shape themselves and ignore what they do not know, so that either side may be newer.
 */
import type { Problem } from '../core/result.ts';
import { protocolVersion, type RightsClass, type Verb } from './verbs.ts';

export interface Hello {
  readonly min: number;
  readonly max: number;
  readonly product: string;
  readonly version: string;
  readonly node: string;
  /** What this socket allows. */
  readonly rights: RightsClass;
}

export interface Request {
  readonly v: number;
  /** Chosen by the tool, repeated in every answer. */
  readonly id: number;
  readonly verb: Verb;
  readonly args: Readonly<Record<string, unknown>>;
  /** Under which name the tool wants to be served (`apiauth`); absent: anon. */
  readonly client?: string;
}

export type Answer =
  | { readonly v: number; readonly id: number; readonly ok: true; readonly more?: true; readonly result: unknown }
  | { readonly v: number; readonly id: number; readonly ok: false; readonly problem: Problem };

/** Answers that belong to no request (an unreadable frame, too many clients) carry this id. */
export const noRequest = 0;

/** The newest version that both sides speak; `undefined` when there is none. */
export function commonVersion(hello: Pick<Hello, 'min' | 'max'>): number | undefined {
  const version = Math.min(hello.max, protocolVersion.max);
  return version >= Math.max(hello.min, protocolVersion.min) ? version : undefined;
}

export function readHello(frame: unknown): Hello | undefined {
  const hello = recordOf(recordOf(frame)?.['hello']);
  if (hello === undefined) return undefined;
  const { min, max, product, version, node, rights } = hello;
  if (typeof min !== 'number' || typeof max !== 'number') return undefined;
  if (typeof product !== 'string' || typeof version !== 'string' || typeof node !== 'string') return undefined;
  return { min, max, product, version, node, rights: rights === 'operate' || rights === 'admin' ? rights : 'read' };
}

export function readAnswer(frame: unknown): Answer | undefined {
  const answer = recordOf(frame);
  if (answer === undefined) return undefined;
  const { v, id, ok } = answer;
  if (typeof v !== 'number' || typeof id !== 'number') return undefined;
  if (ok === true) {
    return { v, id, ok, result: answer['result'], ...(answer['more'] === true ? { more: true } : {}) };
  }
  const problem = readProblem(answer['problem']);
  return ok === false && problem !== undefined ? { v, id, ok, problem } : undefined;
}

function readProblem(value: unknown): Problem | undefined {
  const problem = recordOf(value);
  if (typeof problem?.['code'] !== 'string') return undefined;
  const fields: Record<string, string | number | boolean> = {};
  for (const [name, field] of Object.entries(recordOf(problem['fields']) ?? {})) {
    if (typeof field === 'string' || typeof field === 'number' || typeof field === 'boolean') fields[name] = field;
  }
  return { code: problem['code'], fields };
}

export function recordOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}
