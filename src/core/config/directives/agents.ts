/** Failback, fencing, and the programs that Heartbeat runs beside itself. */
import type { Directive } from '../directives.ts';

const common = { file: 'ha.cf', chapter: 'Failback, fencing and helper programs', nodeLocal: false } as const;
const fencing =
  'This version cannot fence yet, and a configuration that names a fence device counts on a silent node being switched off before its resources start elsewhere. Remove the line only if resources may start on silence alone (UNPROTECTED).';

export const agentDirectives: readonly Directive[] = [
  {
    ...common,
    name: 'auto_failback',
    shape: { kind: 'failback' },
    usage: 'on|off|legacy',
    default: 'legacy',
    status: 'active',
    summary:
      'Whether groups return to the node that haresources names once it is back (on) or stay where they are (off). `legacy` is the protocol of old releases; this version runs it like `on`.',
  },
  {
    ...common,
    name: 'nice_failback',
    shape: { kind: 'boolean' },
    usage: 'on|off',
    status: 'active',
    summary: 'Old, inverted name: on means `auto_failback off`, off means `auto_failback legacy`.',
  },
  {
    ...common,
    name: 'stonith',
    shape: { kind: 'line' },
    usage: 'type configfile',
    status: 'refused',
    summary: 'The fence device of the cluster.',
    reason: fencing,
  },
  {
    ...common,
    name: 'stonith_host',
    shape: { kind: 'line' },
    usage: 'host|* type parameters ...',
    status: 'refused',
    nodeLocal: true,
    summary: 'A fence device that one host, or every host (*), can use.',
    reason: fencing,
  },
  {
    ...common,
    name: 'watchdog',
    shape: { kind: 'line' },
    usage: 'device',
    status: 'refused',
    nodeLocal: true,
    once: true,
    summary: 'A device that reboots this machine when the daemon hangs.',
    reason:
      'This version does not open the device, so nothing would reboot a machine that hangs while it holds resources. Remove the line only if that is acceptable; the agent host still releases everything when the daemon ends or hangs.',
  },
  {
    ...common,
    name: 'failfast',
    shape: { kind: 'line' },
    usage: 'user /path/program arguments ...',
    status: 'refused',
    nodeLocal: true,
    summary: 'A program whose death reboots the machine.',
    reason:
      'The program would not run, and the reboot that the rest of the system may count on would never come. Remove the line, or run the program under systemd with FailureAction=reboot-force.',
  },
  {
    ...common,
    name: 'respawn',
    shape: { kind: 'line' },
    usage: 'user /path/program arguments ...',
    status: 'inactive',
    nodeLocal: true,
    summary: 'A program that is started with the daemon and again whenever it ends (unless with exit code 100).',
    reason:
      'Helper programs are not started by this version. What it does for you (ipfail, pingd, dopd: reacting to lost networks) does not happen; run other programs under systemd.',
  },
  {
    ...common,
    name: 'apiauth',
    shape: { kind: 'line' },
    usage: 'client [uid=a,b] [gid=c,d]',
    status: 'inactive',
    nodeLocal: true,
    summary: 'Who may talk to the daemon under a client name.',
    reason: "Heartbeat's client library is not served yet; the tools use sockets whose file modes say who may connect.",
  },
  {
    ...common,
    name: 'env',
    shape: { kind: 'list' },
    usage: 'NAME=value',
    status: 'active',
    summary: 'Given to resource scripts, hooks and programs of respawn lines as HA_NAME.',
  },
  {
    ...common,
    name: 'use_apphbd',
    shape: { kind: 'boolean' },
    usage: 'on|off',
    default: 'off',
    status: 'no-effect',
    harmless: ['off'],
    summary: 'Let the application heartbeat daemon watch this daemon.',
    reason: 'There is no such daemon here: the agent host watches this one, and systemd both.',
  },
];
