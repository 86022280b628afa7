/** Failback, fencing, and the programs that Heartbeat runs beside itself. */
import type { Directive } from '../directives.ts';

const common = { file: 'ha.cf', chapter: 'Failback, fencing and helper programs', nodeLocal: false } as const;

export const agentDirectives: readonly Directive[] = [
  {
    ...common,
    name: 'auto_failback',
    shape: { kind: 'failback' },
    usage: 'on|off|legacy',
    default: 'legacy',
    status: 'active',
    summary:
      'Whether groups return to the node that haresources names once it is back (on) or stay where they are (off). `legacy` is the protocol of old releases: it is spoken beside a Heartbeat 3 node; between two nodes of this version groups return as with `on`. With it ipfail does nothing.',
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
    status: 'active',
    summary:
      'A fence device that both nodes can use: a silent node is switched off, and taken over from only when the device has confirmed it. The parameters are in the file, which only root may read: one line in the order of the type (as in Heartbeat), or a `name=value` line for each. Types as for stonith_host. docs/fencing.md.',
  },
  {
    ...common,
    name: 'stonith_host',
    shape: { kind: 'line' },
    usage: 'host|* type parameters ...',
    status: 'active',
    summary:
      'A fence device that the machine `host`, or every one (*), uses against the other node; lines for other machines say nothing here. The type is `external/NAME` (a script of cluster-glue), a plugin that `stonith -L` lists, both with parameters in the order of `stonith -t TYPE -n` or as `name=value`; or, unknown to Heartbeat, a fence agent `fence_NAME` with `name=value` words (`rhcs/NAME`, as cluster-glue calls it, means the same). Of several devices Heartbeat uses the last; here they are tried in order. docs/fencing.md.',
  },
  {
    ...common,
    name: 'watchdog',
    shape: { kind: 'line' },
    usage: 'device',
    status: 'active',
    nodeLocal: true,
    once: true,
    summary:
      'A device that resets this machine when the daemon hangs or is gone: after deadtime, rounded up to a second, without a keepalive. It gets its sign of life only when a keepalive has gone out, and none at all once something could not be released. It is disarmed by a stop that leaves nothing behind. A device that cannot be opened is an error in the log and an alarm; the daemon starts all the same, and tries again. It makes no pair PROTECTED by itself: the other node does not count on it.',
  },
  {
    ...common,
    name: 'failfast',
    shape: { kind: 'line' },
    usage: 'user /path/program arguments ...',
    status: 'active',
    nodeLocal: true,
    summary:
      'As respawn; but when the program dies by a signal or with an exit code that is neither 0 nor 100, the addresses are released and the machine is rebooted at once, without a shut-down.',
  },
  {
    ...common,
    name: 'respawn',
    shape: { kind: 'line' },
    usage: 'user /path/program arguments ...',
    status: 'active',
    nodeLocal: true,
    summary:
      "A program that is started as this user once both nodes were heard or declared dead, and again whenever it ends, unless with exit code 100. One that ends more than ten times in a row within 30 s of its start is given up (`pairbeat cleanup` has it tried again). Stopped with SIGTERM when the daemon stops, the last line first. The words are handed over as they stand, no shell reads them; input and output are /dev/null. Programs go on while the daemon is restarted. Heartbeat's own ipfail, pingd and dopd, wherever they lie, are built in: no program is started for them.",
  },
  {
    ...common,
    name: 'apiauth',
    shape: { kind: 'line' },
    usage: 'client [uid=a,b] [gid=c,d]',
    status: 'active',
    nodeLocal: true,
    summary:
      "Which users are served under a client name: those listed, or members of a group listed; the kernel says who asks. The name of a client is that of its command (`cl_status`, `hb_standby`, `pairbeat`), `anon` if it says none; `default` is for names without a line. It only takes rights away: the modes of the control sockets come first. Without lines Heartbeat's own rules hold for whatever changes something (`anon`: root and group haclient), and everybody may read the status. Root is never locked out.",
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
