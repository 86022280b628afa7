/**
 * One connected tool: reads its requests, checks each one's rights, writes the answers. Whatever the tool does, from
 * silence to garbage, costs the daemon no more than `ControlLimits` allows.
 */
import type { Socket } from 'node:net';
import { admitClient, anonymousClient } from '../../core/client-access.ts';
import { failure, type Problem, type Result } from '../../core/result.ts';
import { createFrameSplitter, encodeFrame } from '../../protocol/frames.ts';
import { type Answer, noRequest, type Request } from '../../protocol/messages.ts';
import { type ControlSocket, controlSockets, mayUse } from '../../protocol/sockets.ts';
import { readRequest, requestIdOf } from '../../protocol/validate.ts';
import { protocolVersion, verbs } from '../../protocol/verbs.ts';
import type { Caller, ControlServerOptions, VerbCall } from './control-server.ts';
import type { ControlLimits } from './limits.ts';
import type { Turns } from './turns.ts';

export interface ClientService extends Omit<ControlServerOptions, 'limits'> {
  readonly limits: ControlLimits;
  readonly turns: Turns;
  readonly tally: { slowReaders: number; unreadable: number; idle: number };
}

const ordinaryRequestBytes = 8192;

export function serveClient(client: Socket, socket: ControlSocket, service: ClientService): void {
  const { limits, tally } = service;
  const gone = new AbortController();
  const requests = createFrameSplitter(limits.frameBytes[socket.rights]);
  const peer = credentialsOf(client, service);
  const who = describeCaller(peer, socket);
  let inFlight = 0;
  let saidEverything = false;

  const write = (message: object) => {
    if (client.destroyed) return;
    const frame = encodeFrame(message);
    if (!frame.ok) {
      const id = requestIdOf(message);
      client.write(`${JSON.stringify(answerOf(id, failure('answer-too-large', frame.problem.fields), false))}\n`);
      return;
    }
    client.write(frame.value);
    if (client.writableLength > limits.unreadBytes) {
      tally.slowReaders += 1;
      client.destroy();
    }
  };
  const finishIfDone = () => {
    if (saidEverything && inFlight === 0) client.end();
  };
  const serve = async (request: Request) => {
    inFlight += 1;
    const caller: Caller = { rights: socket.rights, who, gone: gone.signal };
    try {
      await answerRequest(request, caller, service, write);
    } finally {
      inFlight -= 1;
      finishIfDone();
    }
  };
  const take = (frame: unknown) => {
    const request = admit(frame, socket, peer, inFlight, service);
    if (request.ok) void serve(request.value);
    else write(answerOf(requestIdOf(frame), request, false));
  };

  const refuse = (unreadable: Result<never>) => {
    tally.unreadable += 1;
    write(answerOf(noRequest, unreadable, false));
    client.end();
    client.removeAllListeners('data').resume();
  };
  /** Nothing more is read from it before all that it has asked was taken. */
  const takeOne = (): number => {
    const frame = client.destroyed ? undefined : requests.next();
    if (frame === undefined) {
      client.resume();
      return 0;
    }
    if (!frame.ok) {
      refuse(frame);
      return 0;
    }
    if (frame.value.message !== undefined) take(frame.value.message);
    return 1 + Math.floor(frame.value.bytes / ordinaryRequestBytes);
  };
  const taker = { takeOne };

  client.on('data', (chunk: Buffer) => {
    client.pause();
    requests.feed(chunk);
    service.turns.wants(socket.name, taker);
  });
  client.on('end', () => {
    saidEverything = true;
    finishIfDone();
  });
  client.on('error', () => {});
  client.once('close', () => gone.abort());
  client.setTimeout(limits.idleMs, () => {
    if (inFlight > 0) return;
    tally.idle += 1;
    client.destroy();
  });
  const { min, max } = protocolVersion;
  write({
    hello: { min, max, product: 'pairbeat', version: service.version, node: service.node, rights: socket.rights },
  });
}

/** Rights are checked for every request, not once per connection (CVE-2016-7035). */
function admit(
  frame: unknown,
  socket: ControlSocket,
  peer: Peer | undefined,
  inFlight: number,
  { limits, access }: ClientService,
): Result<Request> {
  if (inFlight >= limits.requestsInFlight) return failure('too-many-requests', { limit: limits.requestsInFlight });
  const request = readRequest(frame);
  if (!request.ok) return request;
  const needed = verbs[request.value.verb].rights;
  if (!mayUse(socket.rights, needed)) {
    return failure('rights-missing', {
      verb: request.value.verb,
      socket: socket.name,
      needed: controlSockets[needed].name,
    });
  }
  if (access === undefined) return request;
  const { client = anonymousClient, verb } = request.value;
  const user = peer === undefined ? undefined : { uid: peer.uid, gids: peer.gids ?? [] };
  const admitted = admitClient(access, { client, verb, reads: needed === 'read' }, user);
  return admitted.ok ? request : admitted;
}

async function answerRequest(
  request: Request,
  caller: Caller,
  service: ClientService,
  write: (message: object) => void,
): Promise<void> {
  const { verb, args, id } = request;
  if (verbs[verb].rights !== 'read') service.log.write('notice', auditLine(request, caller));
  try {
    const outcome = service.handle(...([verb, args, caller] as VerbCall));
    if (!(Symbol.asyncIterator in outcome)) return write(answerOf(id, await outcome, false));
    for await (const item of outcome) {
      if (caller.gone.aborted) return;
      write(answerOf(id, item, item.ok));
      if (!item.ok) return;
    }
    write({ v: protocolVersion.max, id, ok: true });
  } catch (error) {
    write(answerOf(id, failure('internal-fault', { verb }), false));
    service.fault(error);
  }
}

function answerOf(id: number, outcome: Result<unknown>, more: boolean): Answer {
  const v = protocolVersion.max;
  if (!outcome.ok) return { v, id, ok: false, problem: outcome.problem };
  return { v, id, ok: true, ...(more ? { more: true } : {}), result: outcome.value ?? null };
}

function auditLine(request: Request, caller: Caller): Problem {
  const who = request.client === undefined ? caller.who : `${request.client} of ${caller.who}`;
  const fields: Record<string, string | number | boolean> = { verb: request.verb, who };
  for (const [name, value] of Object.entries(request.args))
    fields[name] = typeof value === 'boolean' ? value : String(value);
  return { code: 'operator-request', fields };
}

type Peer = NonNullable<ReturnType<NonNullable<ControlServerOptions['credentials']>>>;

function credentialsOf(client: Socket, service: ClientService): Peer | undefined {
  // net.Socket does not show its descriptor; its handle does.
  const handle = (client as unknown as { readonly _handle?: { readonly fd?: number } })._handle;
  return service.credentials?.(handle?.fd ?? -1);
}

function describeCaller(peer: Peer | undefined, socket: ControlSocket): string {
  if (peer === undefined) return `unknown on ${socket.name}`;
  return `${peer.uid === 0 ? 'root' : `uid ${peer.uid}`} (pid ${peer.pid}) on ${socket.name}`;
}
