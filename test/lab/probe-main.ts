/**
 * The client of the lab, as a process of its own inside the client machine: an ICMP echo request to the cluster's
 * address every millisecond, and a note of when each answer came and which machine (hardware address) sent it. It
 * waits in the kernel between the ticks at a real-time priority above the daemons it measures.
 *
 * Started as: probe-main DEVICE ADDRESS INTERVAL_US
 */
import { createQuestionReader, say } from './answering.ts';
import { createWaiter, fastBootClock, runAtRealTimePriority } from './libc.ts';
import type { Claim, MeasuringQuery, OutageAnswer, OwnerSpell, ProbeEvent, Stall } from './measuring.ts';
import { openEchoSender, openPacketReader } from './packets.ts';

const [, , device = 'eth0', target = '', intervalText = '1000'] = process.argv;
const intervalUs = Number(intervalText);
/** Silence worth a live event; shorter ones are found by queries. */
const silenceUs = Math.max(5 * intervalUs, 5000);
const capacity = 1 << 20;
const claimLimit = 10_000;

const nowUs = fastBootClock();
const identifier = process.pid & 0xffff;
const realTime = runAtRealTimePriority(50);
const sender = openEchoSender(target, identifier);
const reader = openPacketReader(device, identifier);
const wait = createWaiter([reader.fd, 0]);

/** Answers in a ring: time, and index into `macs`. */
const times = new Float64Array(capacity);
const owners = new Uint8Array(capacity);
let count = 0;
const macs: string[] = [];
const claims: Claim[] = [];
/** Times at which the machine did not let this process run, although nothing on it has a higher priority. */
const stalls: Stall[] = [];
const stallUs = 3000;
let late = 0;
let silentSince: number | undefined;

const readQuestions = createQuestionReader(answer);
run();

function run(): void {
  tell({ event: 'ready', realTime });
  let sequence = 0;
  let nextSend = nowUs();
  for (;;) {
    const now = nowUs();
    if (now >= nextSend) {
      sender.send(sequence);
      sequence += 1;
      if (now - nextSend > intervalUs) late += 1;
      if (now - nextSend > stallUs && stalls.length < claimLimit)
        stalls.push({ atUs: now, ms: (now - nextSend) / 1000 });
      nextSend = Math.max(nextSend + intervalUs, now - 10 * intervalUs);
      noticeSilence(now);
    }
    const [packets, commands] = wait(nextSend - nowUs());
    if (packets) readPackets();
    if (commands) readQuestions();
  }
}

function readPackets(): void {
  for (let seen = reader.read(); seen !== undefined; seen = reader.read()) {
    if (seen.kind === 'echo') noteAnswer(seen.mac, nowUs());
    else if (claims.length < claimLimit) noteClaim(seen);
  }
}

function noteAnswer(mac: string, at: number): void {
  let owner = macs.indexOf(mac);
  if (owner === -1) owner = macs.push(mac) - 1;
  const previous = (count - 1) % capacity;
  const changed = count === 0 || owners[previous] !== owner;
  if (changed || silentSince !== undefined) {
    tell({ event: 'answers', atUs: at, mac, silentMs: count === 0 ? 0 : (at - times[previous]!) / 1000 });
    silentSince = undefined;
  }
  times[count % capacity] = at;
  owners[count % capacity] = owner;
  count += 1;
}

function noteClaim(seen: NonNullable<ReturnType<typeof reader.read>>): void {
  const atUs = nowUs();
  if (seen.kind === 'neighbour advertisement') claims.push({ atUs, mac: seen.mac, kind: 'advertisement' });
  if (seen.kind !== 'arp' || seen.senderAddress !== target) return;
  if (seen.senderAddress === seen.targetAddress) claims.push({ atUs, mac: seen.mac, kind: 'gratuitous' });
  else if (seen.operation === 2) claims.push({ atUs, mac: seen.mac, kind: 'answer' });
}

function noticeSilence(now: number): void {
  if (count === 0 || silentSince !== undefined) return;
  const last = (count - 1) % capacity;
  if (now - times[last]! < silenceUs) return;
  silentSince = times[last]!;
  tell({ event: 'silent', sinceUs: silentSince, mac: macs[owners[last]!]! });
}

function answer(query: MeasuringQuery): unknown {
  if (query.query === 'outage') return longestOutage(query.fromUs, query.toUs);
  if (query.query === 'moves') return moves(query.fromUs, query.toUs);
  if (query.query === 'owners') return ownerSpells(query.fromUs, query.toUs);
  if (query.query === 'claims') return claims.filter((claim) => claim.atUs >= query.fromUs && claim.atUs <= query.toUs);
  if (query.query === 'stalls') return stalls.filter((stall) => stall.atUs >= query.fromUs && stall.atUs <= query.toUs);
  return late;
}

/** Silences are counted whole even if they began before the window or end after it. */
function longestOutage(fromUs: number, toUs: number): OutageAnswer {
  let best: OutageAnswer = { ms: 0, fromUs, toUs: fromUs, open: false, answers: 0 };
  let answers = 0;
  const end = Math.min(toUs, nowUs());
  for (let index = Math.max(1, count - capacity + 1); index <= count; index += 1) {
    const before = times[(index - 1) % capacity]!;
    const open = index === count;
    const after = open ? end : times[index % capacity]!;
    if (after < fromUs || before > end) continue;
    if (!open && after <= end) answers += 1;
    if ((after - before) / 1000 <= best.ms) continue;
    const mac = (at: number) => macs[owners[at % capacity]!]!;
    const known = { ms: (after - before) / 1000, fromUs: before, toUs: after, before: mac(index - 1), answers: 0 };
    best = open ? { ...known, open: true } : { ...known, after: mac(index), open: false };
  }
  return { ...best, answers };
}

/** The silences at whose end somebody else answered. */
function moves(fromUs: number, toUs: number): OutageAnswer[] {
  const spells = ownerSpells(fromUs, toUs);
  return spells.slice(1).map((after, index) => {
    const before = spells[index]!;
    const ms = (after.fromUs - before.toUs) / 1000;
    return {
      ms,
      fromUs: before.toUs,
      toUs: after.fromUs,
      before: before.mac,
      after: after.mac,
      open: false,
      answers: 0,
    };
  });
}

function ownerSpells(fromUs: number, toUs: number): OwnerSpell[] {
  const spells: OwnerSpell[] = [];
  for (let index = Math.max(0, count - capacity); index < count; index += 1) {
    const at = times[index % capacity]!;
    if (at < fromUs || at > toUs) continue;
    const mac = macs[owners[index % capacity]!]!;
    const last = spells.at(-1);
    if (last?.mac === mac) spells[spells.length - 1] = { ...last, toUs: at, answers: last.answers + 1 };
    else spells.push({ mac, fromUs: at, toUs: at, answers: 1 });
  }
  return spells;
}

function tell(event: ProbeEvent): void {
  say(event);
}
