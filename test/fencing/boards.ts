/**
 * A management board for each host, on the client's machine: `ipmi_sim` (Debian package openipmi) speaks IPMI, and its
 * chassis script turns the outlet of the lab's power switch. What fences through it, fences through the real protocol.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { askTheSwitch } from '../lab/agents/lab-fence-scripts.ts';
import { eventually } from '../lab/expect.ts';
import type { Lab } from '../lab/lab.ts';
import type { PowerSwitch } from '../lab/power-switch.ts';
import type { LabProcess } from '../lab/processes.ts';

export interface Board {
  readonly host: string;
  readonly address: string;
  readonly process: LabProcess;
}

export const boardUser = 'admin';
export const boardPassword = 'Kx9-board-secret';

/** Addresses of the client: its own, and one for each board, all on the port that IPMI has. */
export const boardAddresses: Readonly<Record<string, string>> = { node1: '192.168.1.211', node2: '192.168.1.212' };
export const clientWithBoards = {
  eth0: ['192.168.1.200/24', ...Object.values(boardAddresses).map((address) => `${address}/24`)],
};

/** `CHASSIS HOST get power`, `set power 0|1`, `set reset 1`, as ipmi_sim calls it. */
const chassisScript = `#!/bin/sh
${askTheSwitch}
host=$1
case "$2 $3 $4" in
  "get power "*)
    ask status "$host"
    if [ $? = 0 ]; then echo power:1; else echo power:0; fi
    ;;
  "set power 0") ask off "$host" ;;
  "set power 1") ask on "$host" ;;
  "set reset 1") ask reset "$host" ;;
esac
`;

const emulator = `mc_setbmc 0x20
mc_add 0x20 0 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02 persist_sdr
mc_enable 0x20
`;

const lanConfiguration = (host: string, address: string): string => `name "${host}"
set_working_mc 0x20
startlan 1
  addr ${address} 623
  priv_limit admin
  allowed_auths_callback none md2 md5 straight
  allowed_auths_user none md2 md5 straight
  allowed_auths_operator none md2 md5 straight
  allowed_auths_admin none md2 md5 straight
  guid a123456789abcdefa123456789abcde${address.slice(-1)}
endlan
chassis_control "/etc/ha.d/chassis ${host}"
startnow false
user 1 true "" "test" user 10 none md2 md5 straight
user 2 true "${boardUser}" "${boardPassword}" admin 10 none md2 md5 straight
`;

/** The boards are up when this resolves. */
export async function startBoards(lab: Lab, power: PowerSwitch): Promise<Readonly<Record<string, Board>>> {
  const { client } = lab;
  power.attach(client);
  const disk = join(client.storage, 'ha.d');
  writeFileSync(join(disk, 'chassis'), chassisScript, { mode: 0o755 });
  writeFileSync(join(disk, 'board.emu'), emulator);
  const boards: Record<string, Board> = {};
  for (const [host, address] of Object.entries(boardAddresses)) {
    writeFileSync(join(disk, `${host}.conf`), lanConfiguration(host, address));
    mkdirSync(join(disk, `${host}.state`), { recursive: true });
    const files = ['-c', `/etc/ha.d/${host}.conf`, '-f', '/etc/ha.d/board.emu', '-s', `/etc/ha.d/${host}.state`];
    boards[host] = { host, address, process: await client.spawn(['ipmi_sim', ...files, '-n']) };
  }
  for (const { address, host } of Object.values(boards)) {
    const status = ['-I', 'lanplus', '-C', '3', '-H', address, '-U', boardUser, '-P', boardPassword, 'power', 'status'];
    await eventually(
      `the board of ${host} answers`,
      () => client.exec(['ipmitool', ...status]),
      ({ stdout }) => stdout.includes('is on'),
    );
  }
  return boards;
}
