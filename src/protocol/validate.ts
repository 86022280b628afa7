/**
 * Reads a request as the daemon does: shape, version, verb, arguments, in this order, each failure with a code of its
 * own. Tools do not import this file; ajv costs them start-up time for nothing.
 */
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { failure, type Result, success } from '../core/result.ts';
import { noRequest, type Request, recordOf } from './messages.ts';
import { argumentSchemas } from './schemas.ts';
import { protocolVersion, type Verb, verbs } from './verbs.ts';

export function readRequest(frame: unknown): Result<Request> {
  const request = recordOf(frame);
  const id = request?.['id'];
  if (request === undefined || !Number.isSafeInteger(id))
    return failure('request-malformed', { expected: '{v, id, verb, args}' });
  const version = request['v'];
  if (typeof version !== 'number' || version < protocolVersion.min || version > protocolVersion.max) {
    return failure('protocol-version', { asked: String(version), min: protocolVersion.min, max: protocolVersion.max });
  }
  const verb = request['verb'];
  if (typeof verb !== 'string' || !Object.hasOwn(verbs, verb)) {
    return failure('unknown-verb', { verb: String(verb).slice(0, 64), known: Object.keys(verbs).join(' ') });
  }
  const args = recordOf(request['args'] ?? {});
  const check = validators[verb as Verb];
  if (args === undefined || !check(args))
    return failure('invalid-arguments', { verb, reason: firstReason(check.errors) });
  const client = request['client'];
  const named = typeof client === 'string' && /^[A-Za-z0-9_.-]{1,64}$/.test(client) ? { client } : {};
  return success({ v: version, id: id as number, verb: verb as Verb, args, ...named });
}

/** The id to answer with when the request itself could not be read. */
export function requestIdOf(frame: unknown): number {
  const id = recordOf(frame)?.['id'];
  return Number.isSafeInteger(id) ? (id as number) : noRequest;
}

function firstReason(errors: readonly ErrorObject[] | null | undefined): string {
  const first = errors?.[0];
  if (first === undefined) return 'args must be an object';
  const allowed = first.params['allowedValues'];
  const extra = first.params['additionalProperty'];
  const detail = Array.isArray(allowed)
    ? ` (${allowed.join(', ')})`
    : typeof extra === 'string'
      ? ` (${extra.slice(0, 64)})`
      : '';
  return `${first.instancePath.replace(/^\//, '') || 'args'} ${first.message ?? 'is not valid'}${detail}`;
}

const ajv = new Ajv({ strict: true, allErrors: false });
const validators = Object.fromEntries(
  Object.entries(argumentSchemas).map(([verb, schema]) => [verb, ajv.compile(schema)]),
) as Readonly<Record<Verb, ValidateFunction>>;
