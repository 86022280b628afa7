/** A run: most packets from strangers, a fifth from holders of the key. The first thing that is wrong ends it. */
import { readCorpus } from './corpus.ts';
import { Draw } from './draw.ts';
import { createVictim, inspectVictim, sendKeyholder, type Victim } from './keyholders.ts';
import { inspect, sendStranger, targetOf } from './strangers.ts';

export interface FuzzReport {
  readonly packets: number;
  readonly strangers: number;
  readonly keyholders: number;
  /** Mutated, and what is signed was not touched: not sent. */
  readonly stillValid: number;
  /** Of the keyholders' packets: acted on as messages of the peer. */
  readonly believed: number;
  readonly wrong?: string;
}

const roundPackets = 2000;
const keyholdersOf = 5;

/** Every round of 2,000 packets has its own seed, `seed` + number of the round, and can be repeated alone. */
export function fuzz(packets: number, seed: number, progress: (done: number) => void = () => {}): FuzzReport {
  const { families, messages } = readCorpus();
  const targets = families.map(targetOf);
  const report = { packets: 0, strangers: 0, keyholders: 0, stillValid: 0, believed: 0 };
  for (let round = 0; report.packets < packets; round++) {
    const draw = new Draw(seed + round);
    const victim = round % keyholdersOf === 0 ? createVictim(draw) : undefined;
    const target = targets[round % targets.length]!;
    for (let count = 0; count < roundPackets && report.packets < packets; count++) {
      report.packets++;
      const wrong = attempt(() => {
        if (victim !== undefined) return sendKeyholder(victim, draw, messages);
        const result = sendStranger(target, draw);
        if (result !== 'stillValid') return result;
        report.stillValid++;
        return undefined;
      });
      if (wrong !== undefined) return { ...report, wrong: `seed ${seed + round}, packet ${count + 1}: ${wrong}` };
    }
    if (victim === undefined) report.strangers += roundPackets;
    else finish(victim, report);
    const wrong = attempt(() => (victim === undefined ? inspect(target) : inspectVictim(victim)));
    if (wrong !== undefined) return { ...report, wrong: `seed ${seed + round}, after the round: ${wrong}` };
    progress(report.packets);
  }
  return report;
}

function finish({ engine }: Victim, report: { keyholders: number; believed: number }): void {
  report.keyholders += roundPackets;
  report.believed += engine.transport.accounts.counters.accepted ?? 0;
}

function attempt(act: () => string | undefined): string | undefined {
  try {
    return act();
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}
