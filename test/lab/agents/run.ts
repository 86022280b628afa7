/** `node dist/test/lab/agents/run.js`: only the lab tests of the address agent. */
import { enterLab, labAvailability } from '../enter.ts';
import { countLine, runLabTests, skipLabTests } from '../runner.ts';
import { addressTests } from './address.lab.test.ts';

const availability = labAvailability();
if (availability.available === false) skipLabTests(addressTests, availability.reason);
else
  await enterLab(import.meta.url, async () => {
    const count = await runLabTests(addressTests);
    console.log(countLine(count));
    process.exit(count.failed === 0 ? 0 : 1);
  });
