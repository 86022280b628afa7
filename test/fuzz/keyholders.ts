/**
 * Messages under a valid signature, from a peer that has gone wrong, against a whole node (transport and node machine):
 * nothing may be thrown, no loop may run away, everything that is remembered must stay bounded.
 */
import { type Engine, type EngineEffect, engineDeadline, stepEngine, stepTimers } from '../../src/core/engine.ts';
import { ByteBuilder, bytesFromHex } from '../../src/core/transport/bytes.ts';
import { compressMessage } from '../../src/core/transport/compression.ts';
import { computeMac, isSigningKey } from '../../src/core/transport/mac.ts';
import type { Field, Message } from '../../src/core/transport/message.ts';
import { encodeNetstringBody, encodeNetstringSeal } from '../../src/core/transport/netstring.ts';
import { sealPacket } from '../../src/core/transport/packet.ts';
import { createEngine } from '../../src/daemon/engine-factory.ts';
import { nodeZlib } from '../../src/io/zlib.ts';
import { parse } from '../core/config/parsing.ts';
import { hashes } from '../core/transport/support.ts';
import type { Draw } from './draw.ts';
import { mutate } from './mutate.ts';

export interface Victim {
  readonly engine: Engine;
  readonly heartbeat: boolean;
  nowUs: number;
  sequence: number;
  peerGeneration: number;
  counter: number;
}

const links = ['ucast/eth0/192.168.1.8', 'bcast/eth1'] as const;
const generation = 0x64;
const peerUuid = new Uint8Array(16).fill(0x22);

// biome-ignore format: one word a line would say no more
const hostile = [
  '', ' ', '0', '1', '-1', '64', '65', 'ffffffffffff', '99999999999999', '1e9', 'NaN', 'node1', 'node2', 'NODE2', 'me',
  'other', 'done', 'all', 'local', 'foreign', 'none', 'active', 'dead', 'up', 'init', 'yes', 'OK', '\u00e4\u20ac\n', 'x'.repeat(3000),
  '5 3 m 64', '6 0 j 64', '999999999 999999999 m 64', 'r.node1:192.168.1.100/24/eth0', 'o.node1:192.168.1.100/24/eth0',
  'f*node2:192.168.1.100/24/eth0 x.node1:y', '..:', 'groups,zlib,bz2', '192.168.1.100/24/eth0',
];
// biome-ignore format: one word a line would say no more
const types = [
  'status', 'status', 'status', 'resource', 'ask_resources', 'hb_takeover', 'starting', 'shutdone', 'reqnodes',
  'repnodes', 'ip-request', 'ip-request-resp', 'stonith', 'addnode', 'setweight', 'num_ping_nodes', 'abort_giveup',
  'you_are_dead', 'NS_rexmit', 'NS_ackmsg', 'NS_nak_rexmit', 'NS_st', 'NS_', 'hello', 'pbping',
];
// biome-ignore format: one word a line would say no more
const names = [
  't', 'src', 'seq', 'hg', 'ts', 'ttl', 'st', 'dt', 'dest', 'firstseq', 'lastseq', 'ackseq', 'rsc_hold', 'rtype',
  'isstable', 'info', 'ipaddr', 'ok', 'weown', 'nodelist', 'delnodelist', 'pbver', 'pbcaps', 'pbto', 'pbsees', 'pbrep', 'pbgrp',
  'pbdig', 'pbkeys', 'pbgroups', 'num_ping', 'node', 'weight', '_compression_algorithm', '_compressed_payload', 'srcuuid', 'destuuid',
];

export function createVictim(draw: Draw): Victim {
  const failback = draw.pick(['on', 'off', 'legacy']);
  const method = draw.pick(['sha256', 'sha1', 'crc', 'aes256gcm']);
  const { configuration } = parse({
    haCf: `logfile /dev/null\nkeepalive 100ms\ndeadtime 2\ninitdead 10\nauto_failback ${failback}\n${links.map(lineOf).join('')}node node1 node2\n`,
    authkeys: `auth 1\n1 ${method}${method === 'crc' ? '' : ' 0123456789abcdef0123456789abcdef'}\n`,
    haresources: 'node1 192.168.1.100/24/eth0\nnode2 httpd::a\n',
  });
  const engine = createEngine(configuration!, {
    uuid: '11'.repeat(16),
    generation,
    persistedPeers: [],
    seed: draw.below(1e6),
    entropy: 'fuzz',
    wallSeconds: 1_800_000_000,
    loadAverage: '0.10 0.20 0.30 1/100 4711',
  });
  if (!engine.ok) throw new Error(engine.problem.code);
  const victim = {
    engine: engine.value,
    heartbeat: draw.oneIn(3),
    nowUs: 1_000_000,
    sequence: 0,
    peerGeneration: 100,
    counter: 0,
  };
  const { nowUs } = victim;
  const hello = { hostPid: 1, adopted: false, inventory: [], guardianActed: false, lastBeatUs: 0 };
  carryOut(
    victim,
    draw,
    stepEngine(
      victim.engine,
      { to: 'node', event: { type: 'boot', nowUs, generation, hello, stickyStopFailures: [] } },
      nowUs,
    ),
  );
  carryOut(victim, draw, stepEngine(victim.engine, { to: 'transport', event: { type: 'start', nowUs } }, nowUs));
  return victim;
}

function lineOf(link: string): string {
  const [kind, device, address = ''] = link.split('/');
  return `${kind} ${device} ${address}\n`;
}

/** Time passes a little, and one packet arrives. Answers what is wrong, if anything. */
export function sendKeyholder(victim: Victim, draw: Draw, templates: readonly Message[]): string | undefined {
  const { engine } = victim;
  victim.nowUs += draw.below(draw.oneIn(50) ? 2_500_000 : 60_000);
  for (let count = 0; ; count++) {
    const deadline = engineDeadline(engine);
    if (deadline !== undefined && !Number.isSafeInteger(deadline)) return `a deadline is ${deadline}`;
    if (deadline === undefined || deadline > victim.nowUs) break;
    if (count === 200) return 'timers do not come to rest';
    carryOut(victim, draw, stepTimers(engine, victim.nowUs));
  }
  const bytes = packetOf(victim, draw, templates);
  if (bytes === undefined) return undefined;
  const link = draw.pick(engine.transport.options.links);
  const event = { type: 'datagram', nowUs: victim.nowUs, link, bytes, source: '192.168.1.8:694' } as const;
  const effects = stepEngine(engine, { to: 'transport', event }, victim.nowUs);
  if (effects.length > 500) return `one packet has ${effects.length} effects`;
  carryOut(victim, draw, effects);
  return undefined;
}

function packetOf(victim: Victim, draw: Draw, templates: readonly Message[]): Uint8Array | undefined {
  const { options, authentication } = victim.engine.transport;
  let message = disturb(plausible(victim, draw, templates), draw);
  if (draw.oneIn(20))
    message = compressMessage(message, { algorithm: 'zlib', thresholdBytes: 1, wholeMessage: true }, nodeZlib);
  const [key] = authentication.keys;
  if (draw.oneIn(6) && isSigningKey(key!)) {
    const body = encodeNetstringBody(message);
    const changed = mutate(body, draw, () => body);
    const seal = encodeNetstringSeal({ keyIndex: 1, mac: computeMac(key, hashes, changed) });
    return new ByteBuilder().raw(changed).text(seal).finish();
  }
  const nonce = { salt: new Uint8Array(16).fill(9), counter: ++victim.counter };
  const format = draw.pick(['netstring', 'netstring', 'classic'] as const);
  const sealed = sealPacket(message, authentication, options.hashes, format, nonce);
  return sealed.ok ? sealed.value : undefined;
}

/** What the peer could have said: a recorded message, or one put together, with a sender that is believed. */
function plausible(victim: Victim, draw: Draw, templates: readonly Message[]): Message {
  const type = draw.pick(types);
  const stamped = new Set(['src', 'srcuuid', 'seq', 'hg', 'ts', 'ld', 'ttl', 'destuuid']);
  const own: Field[] = draw.oneIn(2)
    ? draw.pick(templates).fields.filter(({ name }) => !stamped.has(name))
    : [
        { name: 't', value: type },
        { name: 'st', value: 'active' },
        { name: 'dt', value: '7d0' },
      ];
  if (draw.oneIn(400)) [victim.peerGeneration, victim.sequence] = [victim.peerGeneration + 1, 0];
  if (!draw.oneIn(8)) victim.sequence += draw.oneIn(10) ? draw.below(30) : 1;
  const { transport } = victim.engine;
  // Whatever incarnation a changed packet has made it believe in: that one goes on.
  const { uuid, generation: known } = transport.peer!;
  victim.peerGeneration = Math.max(victim.peerGeneration, known);
  const ours: Field[] = victim.heartbeat
    ? []
    : [
        { name: 'pbver', value: '1' },
        { name: 'pbto', value: transport.generation.toString(16) },
        { name: 'pbsees', value: 'up' },
        { name: 'pbrep', value: `${victim.sequence} ${draw.below(9)} m ${transport.generation.toString(16)}` },
        {
          name: 'pbgrp',
          value: `${draw.pick([...'-oxsrpuf'])}.node1:192.168.1.100/24/eth0 ${draw.pick([...'-oxsrpuf'])}*node2:httpd::a`,
        },
      ];
  return {
    fields: [
      ...own,
      ...ours,
      { name: 'src', value: 'node2' },
      { name: 'srcuuid', value: uuid === undefined ? peerUuid : bytesFromHex(uuid) },
      { name: 'seq', value: victim.sequence.toString(16) },
      { name: 'hg', value: victim.peerGeneration.toString(16) },
      { name: 'ts', value: '6b49d200' },
      { name: 'ttl', value: '3' },
    ],
  };
}

function disturb(message: Message, draw: Draw): Message {
  const fields = [...message.fields];
  for (let count = draw.oneIn(2) ? 0 : draw.below(4); count > 0 && fields.length > 0; count--) {
    const at = draw.below(fields.length);
    const field = fields[at]!;
    switch (draw.below(6)) {
      case 0:
      case 1:
        fields[at] = { name: field.name, value: draw.pick(hostile) };
        break;
      case 2:
        fields.splice(at, 1);
        break;
      case 3:
        fields.splice(at, 0, { name: draw.pick(names), value: draw.pick(hostile) });
        break;
      case 4:
        fields.splice(at, 0, draw.pick(fields));
        break;
      default:
        fields[at] = draw.oneIn(2)
          ? { name: draw.pick(names), value: field.value }
          : {
              name: field.name,
              value: new Uint8Array(draw.below(20)).fill(draw.below(256)),
              opaqueType: draw.pick([2, 3, 4, 5] as const),
            };
    }
  }
  return { fields };
}

/** Disk, sockets and agents answer at once; agents fail now and then. */
function carryOut(victim: Victim, draw: Draw, first: readonly EngineEffect[]): void {
  const { engine } = victim;
  const waiting = [...first];
  for (let count = 0; waiting.length > 0; count++) {
    if (count > 5000) throw new Error('effects do not come to an end');
    const effect = waiting.shift()!;
    const { nowUs } = victim;
    if (effect.type === 'persistPeerGeneration') {
      const event = { type: 'peerGenerationPersisted', nowUs, requestId: effect.requestId } as const;
      waiting.push(...stepEngine(engine, { to: 'transport', event }, nowUs));
    } else if (effect.type === 'drainSockets') {
      const event = { type: 'socketsDrained', nowUs, token: effect.token } as const;
      waiting.push(...stepEngine(engine, { to: 'transport', event }, nowUs));
    } else if (effect.type === 'persist') {
      const event = { type: 'recordPersisted', nowUs, recordId: effect.recordId, ok: !draw.oneIn(20) } as const;
      waiting.push(...stepEngine(engine, { to: 'node', event }, nowUs));
    } else if (effect.type === 'operation') {
      const outcome = draw.oneIn(15) ? 'failed' : 'done';
      const result = { id: effect.operation.id, outcome, startedUs: nowUs, finishedUs: nowUs } as const;
      waiting.push(...stepEngine(engine, { to: 'node', event: { type: 'operationResult', nowUs, result } }, nowUs));
    } else if (effect.type === 'rejoin') {
      const next = engine.transport.generation + 1;
      const rejoin = { type: 'rejoin', nowUs, generation: next } as const;
      waiting.push(...stepEngine(engine, { to: 'transport', event: rejoin }, nowUs));
      waiting.push(...stepEngine(engine, { to: 'node', event: { ...rejoin, type: 'rejoined' } }, nowUs));
    }
  }
}

const largestState = 3_000_000;

/** After many. */
export function inspectVictim({ engine }: Victim): string | undefined {
  const { transport, node } = engine;
  const { peer, accounts, history } = transport;
  if (peer!.window.missing.size > 250) return `${peer!.window.missing.size} messages are remembered as missing`;
  if (history.length !== 500) return `${history.length} sent messages are kept`;
  if (accounts.logged.size > 80) return `the log limits remember ${accounts.logged.size} keys`;
  if (accounts.admission.sources.size > 64) return `${accounts.admission.sources.size} sources are remembered`;
  const { options: _options, ...rest } = transport;
  for (const [name, state] of [['transport', rest] as const, ['node', node] as const]) {
    const size = JSON.stringify(state, (_key, value: unknown) => (value instanceof Map ? [...value] : value)).length;
    if (size > largestState) return `the state of the ${name} has ${size} bytes`;
  }
  return undefined;
}
