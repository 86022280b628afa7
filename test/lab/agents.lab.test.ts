/** Resources that somebody else wrote: an OCF agent in shell, an R1 script, arguments, and a script that hangs. */
import { existsSync } from 'node:fs';
import { eventually, expectEqual, expectTrue } from './expect.ts';
import { seedHosts } from './lab.ts';
import { type LabTest, labTest } from './runner.ts';
import { openScene } from './scene.ts';
import { seedAddress } from './seed.ts';

/** Stateless OCF agent: keeps a state file named by a parameter, as the stock Dummy does. */
const ocfAgent = `#!/bin/sh
: "\${OCF_RESKEY_state:=/run/ocf-\${OCF_RESOURCE_INSTANCE:-none}}"
meta() {
  cat <<END
<?xml version="1.0"?>
<!DOCTYPE resource-agent SYSTEM "ra-api-1.dtd">
<resource-agent name="Noted" version="1.0">
<version>1.0</version>
<longdesc lang="en">Keeps a state file.</longdesc>
<shortdesc lang="en">Keeps a state file</shortdesc>
<parameters>
<parameter name="state" unique="1"><longdesc lang="en">file</longdesc><shortdesc lang="en">file</shortdesc><content type="string" default=""/></parameter>
</parameters>
<actions>
<action name="start" timeout="20s"/><action name="stop" timeout="20s"/>
<action name="monitor" timeout="20s" interval="10s"/><action name="meta-data" timeout="5s"/>
</actions>
</resource-agent>
END
}
case "$1" in
  meta-data) meta; exit 0 ;;
  start) : > "$OCF_RESKEY_state"; exit 0 ;;
  stop) rm -f "$OCF_RESKEY_state"; exit 0 ;;
  monitor|status) [ -e "$OCF_RESKEY_state" ] && exit 0; exit 7 ;;
  validate-all) exit 0 ;;
  *) exit 3 ;;
esac
`;

const argumentScript = `#!/bin/sh
# Called as: name ARG1 ARG2 start|stop|status
file="/run/arguments-$1-$2"
case "$3" in
  start) : > "$file" ;;
  stop) rm -f "$file" ;;
  status) if [ -e "$file" ]; then echo OK; else echo "not running"; fi ;;
esac
exit 0
`;

export const agentTests: readonly LabTest[] = [
  labTest('an R1 script with arguments and a stock OCF agent run in one group, in order', async (context) => {
    const scene = await openScene(context, {
      start: false,
      lab: { hosts: seedHosts.map((host) => ({ ...host, ownOcfDirectory: true })) },
      haresources: `node1 ${seedAddress}/24/eth0 keeper::first::second OCF::Noted::one\n`,
    });
    const { lab, pair, node1, node2, probe } = scene;
    for (const host of lab.hosts) {
      host.writeFile('resource.d/keeper', argumentScript, 0o755);
      host.writeOcfAgent('Noted', ocfAgent);
      host.writeFile('conf/OCF/Noted/one', 'state=/run/noted-state\n');
    }
    await pair.startBoth();
    await probe.steady({ owner: 'node1' });
    const files = ['/run/arguments-first-second', '/run/noted-state'];
    await eventually('node1 runs all of it', () => files.every((file) => existsSync(node1.path(file))), Boolean);
    await pair.run(node1, 'hb_standby');
    await probe.steady({ owner: 'node2' });
    await eventually('node2 runs all of it', () => files.every((file) => existsSync(node2.path(file))), Boolean);
    expectTrue(
      files.every((file) => !existsSync(node1.path(file))),
      'node1 runs nothing of it',
    );
    expectEqual(await scene.doubleOwnerMs(), 0, 'two owners');
  }),

  labTest(
    'a script that hangs in start does not delay keepalives, and its group goes to the peer',
    async (context) => {
      const scene = await openScene(context, {
        start: false,
        pairbeatConf: 'start_timeout 2000ms\n',
        haresources: `node1 ${seedAddress}/24/eth0 sleeper\n`,
      });
      const { lab, pair, node1, node2, probe } = scene;
      for (const host of lab.hosts) host.writeFile('resource.d/sleeper', sleeper(host.name === 'node1'), 0o755);
      await Promise.all(lab.hosts.map((host) => pair.start(host)));
      await probe.steady({ owner: 'node2', timeoutMs: 50_000 });
      const report = await pair.status(node2);
      expectTrue(
        report!.nodes.every((node) => node.status === 'active'),
        'both nodes were active all the time',
        report?.nodes,
      );
      const left = node1
        .processes()
        .filter(({ argv }) => argv.some((word) => word.includes('sleeper') || word === '3600'));
      expectEqual(left, [], 'nothing of the script is left on node1');
    },
    90_000,
  ),
];

const sleeper = (hangs: boolean): string => `#!/bin/sh
case "$1" in
  start) ${hangs ? 'sleep 3600 & sleep 3600' : ': > /run/sleeper'} ;;
  stop) rm -f /run/sleeper ;;
  status) if [ -e /run/sleeper ]; then echo running; else echo stopped; fi ;;
esac
exit 0
`;
