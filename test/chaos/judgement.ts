/** Judges what was seen in a round: each violation a sentence. Pure. */
import { sentenceOf } from './episode.ts';
import { kindsByName } from './faults/all.ts';
import { causesOf, explain } from './report.ts';
import type { PlayedEpisode, RoundObservations } from './results.ts';

/** Descriptors at rest may differ by connections that come and go. */
const descriptorsGrowthMax = 12;
const rssMostMbMax = 200;
export function judge(seen: RoundObservations): string[] {
  const isProtected = seen.protection === 'fence';
  return [
    ...seen.labTroubles.map((trouble) => `the lab: ${trouble}`),
    ...seen.episodes.flatMap((episode) => troubleOf(episode, seen.boundMs)),
    ...(isProtected ? overlapTrouble(seen) : unexplained(seen)),
    ...(isProtected && seen.protectedMs === 0 ? ['no node ever called the pair PROTECTED'] : []),
    ...seen.leftovers.map((what) => `left behind: ${what}`),
    ...growthTrouble(seen),
    ...endTrouble(seen),
    ...journalTrouble(seen),
  ];
}

function troubleOf({ index, faults, recovery }: PlayedEpisode, boundMs: number): string[] {
  const trouble = faults.flatMap((fault) =>
    fault.labError === undefined ? [] : [`${sentenceOf(fault)}: ${fault.labError}`],
  );
  const story = faults
    .filter((fault) => fault.notApplied === undefined)
    .map(sentenceOf)
    .join('; ');
  if (!recovery.recovered) trouble.push(`episode ${index} (${story}): never recovered, ${recovery.missing}`);
  else if (recovery.ms > boundMs)
    trouble.push(`episode ${index} (${story}): recovered after ${Math.round(recovery.ms)} ms, ${recovery.missing}`);
  return trouble;
}

function overlapTrouble({ overlaps, lockConflicts, doubleAnswers, lockLogs }: RoundObservations): string[] {
  const interleavings = Object.values(lockLogs).flatMap((log) => log.interleavings);
  return [
    ...overlaps.map(({ resource, fromUs, toUs }) => `two holders of ${resource} for ${(toUs - fromUs) / 1000} ms`),
    ...doubleAnswers.map(
      ({ address, fromUs, toUs }) => `two nodes answered for ${address} for ${(toUs - fromUs) / 1000} ms`,
    ),
    ...lockConflicts.map(({ service, node }) => `service ${service} began on ${node} while somebody had its lock`),
    ...interleavings.map(
      ({ service, begun, goesOn }) => `service ${service}: ${goesOn} wrote after ${begun} had begun`,
    ),
  ];
}

/** Without protection a double owner is tolerated, but only where silence was mistaken for death. */
function unexplained({ overlaps, episodes }: RoundObservations): string[] {
  const strange = overlaps.filter((spell) => {
    const excuses = causesOf(spell, episodes).map(({ planned }) => kindsByName.get(planned.kind)?.mayDouble);
    return !excuses.some(
      (excuse) => excuse === true || (excuse === 'services' && spell.resource.startsWith('service ')),
    );
  });
  return strange.map((spell) => `nothing that could excuse two holders: ${explain(spell, episodes)}`);
}

function growthTrouble({ daemon, agentHost }: RoundObservations): string[] {
  const programs = Object.entries({ daemon, 'agent host': agentHost });
  return programs.flatMap(([name, { descriptorsGrowth, rssMostMb }]) => [
    ...(descriptorsGrowth > descriptorsGrowthMax
      ? [`a ${name} had ${descriptorsGrowth} descriptors more at rest than in the beginning`]
      : []),
    ...(rssMostMb > rssMostMbMax ? [`a ${name} had ${Math.round(rssMostMb)} MB`] : []),
  ]);
}

function endTrouble({ ends }: RoundObservations): string[] {
  return ends.every((end) => end === '0') ? [] : [`daemons that were told to stop ended with: ${ends.join(', ')}`];
}

function journalTrouble({ journals, changedCores }: RoundObservations): string[] {
  const different = journals.filter((one) => one.divergence !== undefined || one.decisions === 0);
  const unnoticed = changedCores.filter((one) => one.refusedBy.length === 0);
  return [
    ...different.map(
      ({ node, decisions, divergence }) =>
        `the journal of ${node} (${decisions} decisions) is replayed differently: ${JSON.stringify(divergence)?.slice(0, 600)}`,
    ),
    ...unnoticed.map(({ name }) => `both journals are replayed without a difference by a core that ${name}`),
  ];
}
