/** Nodes whose files differ say so on both sides, with the lines; a corrected file is seen before and after it is taken over. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, expectEqual, expectTrue } from './expect.ts';
import type { Host } from './host.ts';
import { type LabTest, labTest } from './runner.ts';
import { openScene } from './scene.ts';

export const differenceTests: readonly LabTest[] = [
  labTest('files that differ are told on both nodes, line by line, until they agree', async (context) => {
    const { pair, node1, node2 } = await openScene(context, { start: false, deadtimeMs: 1000 });
    const file = join(node2.configurationDirectory, 'ha.cf');
    const right = readFileSync(file, 'utf8');
    writeFileSync(file, right.replace(/^warntime .*$/m, 'warntime 444ms'));
    await pair.startBoth();
    const told = (host: Host) =>
      eventually(
        `${host.name} knows the difference`,
        async () => (await pair.status(host))?.configurationDifference,
        (difference) => difference !== undefined,
      );
    const [here, there] = [await told(node1), await told(node2)];
    expectEqual(here?.onlyThere, ['warntime 444ms'], 'only on node2, as node1 sees it');
    expectEqual(
      there,
      { onlyHere: here?.onlyThere, onlyThere: here?.onlyHere, omitted: 0 },
      'the same, from the other side',
    );
    const shown = await pair.run(node1, 'pairbeat', 'status');
    expectTrue(shown.stdout.includes('only node2: warntime 444ms'), 'status shows the line', shown.stdout);
    expectEqual((await pair.run(node2, 'pairbeat', 'check', '--peer')).code, 104, 'exit code of check --peer');

    writeFileSync(file, right);
    const checked = await pair.run(node2, 'pairbeat', 'check', '--peer');
    expectEqual(checked.code, 0, `check --peer of the corrected file, before it is taken over (${checked.stdout})`);
    await pair.stop(node2);
    await pair.start(node2);
    await pair.settled();
    await eventually(
      'they agree',
      async () => (await pair.status(node1))?.configurationDifference,
      (difference) => difference === undefined,
    );
    for (const host of [node1, node2]) {
      const lines = readFileSync(join(host.logDirectory, 'ha-log'), 'utf8').split('\n');
      expectEqual(
        lines.filter((line) => line.includes('The files differ.')).length,
        1,
        `lines about it in the log of ${host.name}`,
      );
    }
  }),
];
