/**
 * Asks everybody on the wire, every two milliseconds, who has the cluster's address, and notes when two machines
 * answered the same question: that is two owners, whatever any daemon believes. It runs in a machine of its own, so
 * that the answers do not refresh the neighbour table of the client.
 *
 * Started as: observer-main DEVICE ADDRESS INTERVAL_US OWN_MAC OWN_ADDRESS
 */
import { createQuestionReader, say } from './answering.ts';
import { createWaiter, fastBootClock, runAtRealTimePriority } from './libc.ts';
import type { DoubleOwnerSpell, OwnerSpell } from './measuring.ts';
import { openArpAsker, openPacketReader } from './packets.ts';

const [, , device = 'eth0', target = '', intervalText = '2000', ownMac = '', ownAddress = ''] = process.argv;
const intervalUs = Number(intervalText);
const spellLimit = 20_000;

const nowUs = fastBootClock();
const realTime = runAtRealTimePriority(50);
const asker = openArpAsker(device, ownMac, ownAddress, target);
const reader = openPacketReader(device, 0);
const wait = createWaiter([reader.fd, 0]);

let doubles: DoubleOwnerSpell[] = [];
let spells: OwnerSpell[] = [];
/** Who answered the question that is being asked now. */
let answered: string[] = [];
let askedAt = 0;

const readQuestions = createQuestionReader(({ query, fromUs, toUs }) => {
  const list: readonly { fromUs: number; toUs: number }[] = query === 'doubleOwners' ? doubles : spells;
  return list.filter((spell) => spell.toUs >= fromUs && spell.fromUs <= toUs);
});
run();

function run(): void {
  say({ event: 'ready', realTime });
  let nextAsk = nowUs();
  for (;;) {
    const now = nowUs();
    if (now >= nextAsk) {
      closeQuestion();
      askedAt = now;
      asker.ask();
      nextAsk = Math.max(nextAsk + intervalUs, now);
    }
    const [packets, commands] = wait(nextAsk - nowUs());
    if (packets) readPackets();
    if (commands) readQuestions();
  }
}

function readPackets(): void {
  for (let seen = reader.read(); seen !== undefined; seen = reader.read()) {
    if (seen.kind !== 'arp' || seen.operation !== 2) continue;
    if (seen.senderAddress !== target || seen.targetAddress !== ownAddress) continue;
    if (!answered.includes(seen.mac)) answered.push(seen.mac);
  }
}

function closeQuestion(): void {
  if (answered.length === 0) return;
  for (const mac of answered) noteOwner(mac);
  if (answered.length > 1) noteDouble([...answered].sort());
  answered = [];
}

function noteOwner(mac: string): void {
  const index = spells.findLastIndex((spell) => spell.mac === mac);
  const last = spells[index];
  if (last !== undefined && askedAt - last.toUs < 5 * intervalUs) {
    spells[index] = { ...last, toUs: askedAt, answers: last.answers + 1 };
  } else {
    spells.push({ mac, fromUs: askedAt, toUs: askedAt, answers: 1 });
    spells = spells.slice(-spellLimit);
  }
}

function noteDouble(macs: string[]): void {
  const last = doubles.at(-1);
  if (last !== undefined && askedAt - last.toUs < 5 * intervalUs) {
    doubles[doubles.length - 1] = { ...last, toUs: askedAt, questions: last.questions + 1 };
  } else {
    doubles.push({ fromUs: askedAt, toUs: askedAt, questions: 1, macs });
    doubles = doubles.slice(-spellLimit);
  }
}
