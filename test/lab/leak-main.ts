/** A lab program for the test of the lab itself: brings two hosts up, says so, and meets the fate it is given. */
import { enterLab } from './enter.ts';
import { createLab } from './lab.ts';
import { sleep } from './machine.ts';
import { seedAddress } from './seed.ts';

await enterLab(import.meta.url, async (mode) => {
  const lab = await createLab();
  const host = lab.host('node1');
  await host.spawn(['sleep', '1000']);
  await lab.probe(seedAddress);
  const answer = await host.exec(['hostname']);
  console.log(`${mode}: ${answer.stdout.trim()} is up`);
  const fate = process.argv[2];
  if (fate === 'fails') throw new Error('as asked');
  if (fate !== 'ends') await sleep(60_000);
  return 0;
});
