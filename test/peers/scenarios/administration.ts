/** Weight and site, questions about helpers and messages of scripts, between Pairbeat and a real node in both directions. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, expectEqual } from '../../lab/expect.ts';
import { program } from '../../lab/pair.ts';
import type { PeerNode } from '../node.ts';
import type { Scenario } from '../scenario.ts';
import { software } from '../software.ts';

const realTools = '/usr/share/heartbeat';

const tool = (node: PeerNode, name: string, ...words: readonly string[]): string[] =>
  node.kind === 'real' ? [`${realTools}/${name}`, ...words] : program(name, ...words);

async function said(node: PeerNode, ...words: readonly string[]): Promise<string> {
  const { stdout, code } = await node.host.exec([...software[node.kind].clStatus, ...words], { timeoutMs: 15_000 });
  return `${stdout.trim()} ${code}`;
}

async function everybodySays(nodes: readonly PeerNode[], words: readonly string[], expected: string): Promise<void> {
  for (const node of nodes) {
    const sentence = `${node.kind} ${node.name}: cl_status ${words.join(' ')}`;
    await eventually(
      sentence,
      () => said(node, ...words),
      (answer) => answer === expected,
    );
  }
}

async function run(node: PeerNode, argv: readonly string[]): Promise<void> {
  const { code, stderr } = await node.host.exec(argv);
  expectEqual(code, 0, `exit code of ${argv.join(' ')} on ${node.kind} ${node.name} (${stderr.trim()})`);
}

export const administrationScenarios: readonly Scenario[] = [
  {
    name: 'weight, site, helpers and messages of scripts in both directions',
    mixedOnly: true,
    play: async (stage) => {
      for (const node of stage.nodes) {
        const hook = '#!/bin/sh\necho "$HA_src $HA_words" >> /var/log/heard\n';
        node.host.writeFile('rc.d/hello', hook, 0o755);
      }
      await stage.startBoth();
      await stage.holding('local', 'local');
      await everybodySays(stage.nodes, ['nodeweight', 'node2'], '100 0');
      for (const node of stage.nodes) {
        const weight = node.kind === 'real' ? '31' : '47';
        await run(node, tool(node, 'hb_setweight', 'node2', weight));
        await everybodySays(stage.nodes, ['nodeweight', 'node2'], `${weight} 0`);
        await run(node, tool(node, 'hb_setsite', 'node1', `cellar${weight}`));
        await everybodySays(stage.nodes, ['nodesite', 'node1'], `cellar${weight} 0`);
        const other = stage.other(node);
        await everybodySays([node], ['clientstatus', other.name, 'ipfail', '8000'], 'offline 1');
        const write = `printf '>>>\\nt=hello\\nwords=${node.kind}\\n<<<\\n' > /var/lib/heartbeat/fifo`;
        await run(node, ['sh', '-c', write]);
        for (const each of stage.nodes) {
          const heard = (): string => {
            try {
              return readFileSync(join(each.host.logDirectory, 'heard'), 'utf8');
            } catch {
              return '';
            }
          };
          await eventually(`the hook on ${each.name}`, heard, (text) => text.includes(`${node.name} ${node.kind}\n`));
        }
      }
      await stage.rest();
    },
  },
];
