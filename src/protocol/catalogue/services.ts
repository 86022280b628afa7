/** Words: what the daemon does for its machine beside its own work. */
import type { WordTable } from './words.ts';

export const serviceWords = {
  /** What a script says through ha_logger, in its own words. */
  'script-said': { what: '{message}' },
  'debug-level': { what: 'The debug level is now {level} (SIGUSR1 raises it, SIGUSR2 lowers it).' },
  'debug-event': { what: 'To the {to} machine: {type}[ {detail}].' },
  'debug-effect': { what: 'To be done: {type}[ {detail}].' },
  'debug-received': { what: 'A packet of {bytes} bytes came from {source} on {link}.' },
  'debug-sent': { what: 'A packet of {bytes} bytes was sent on {link}.' },
  'protection-crm-mode': {
    what: 'crm mode: no resources are configured or managed by this version, so there is nothing to fail over.',
    advice: 'Remove the crm line from ha.cf on both nodes to run the groups of haresources.',
  },
  'client-refused': {
    what: 'The apiauth rule {rule} does not admit uid {uid} as {client}: {verb} was refused.',
    meaning: 'Nothing was changed.',
    advice: 'Add the user or one of its groups to the line "apiauth {rule}" in ha.cf, or run it as root.',
  },
  'client-unidentified': {
    what: 'There is an apiauth rule for {client}, and the kernel does not say who asks: {verb} was refused.',
    meaning: 'Nothing was changed.',
    advice: 'Run it as root from the same machine, or remove the apiauth line.',
  },
  'service-started': { what: '{program} was started as {user} (process {pid}).' },
  'service-ended': { what: '{program} ended after {seconds} s ({how}): it is started again.' },
  'service-finished': {
    what: '{program} ended with exit code 100: by that it says that it does not want to be started again.',
  },
  'service-not-started': { what: '{program} could not be started: {reason}.', meaning: 'It is tried again.' },
  'service-too-fast': {
    what: '{program} is respawning too fast: it ended {count} times in a row within 30 s of its start ({how} at last).',
    meaning: 'It is given up.',
    advice: 'Run it by hand as its user to see why it ends. "pairbeat cleanup" has it tried again.',
  },
  'service-given-up': {
    what: '{subject} ended too often too soon and was given up.',
    advice: 'Run it by hand as its user to see why it ends. "pairbeat cleanup" has it tried again.',
  },
  'service-failfast': {
    what: '{program}, a failfast program, died ({how}).',
    meaning: 'This machine releases its addresses and is rebooted now, as the failfast line of ha.cf asks.',
  },
  'service-stopped': { what: '{program} has ended, as it was told to.' },
  'service-killed': { what: '{program} did not end within 5 s of SIGTERM and was killed.' },
  'service-stays': {
    what: '{program} does not even end by SIGKILL.',
    meaning: 'It hangs in the kernel, most likely over a disk or a network file system; it is not waited for.',
  },
  'service-without-groups': {
    what: '{program} runs without the supplementary groups of its user: this platform has no way to give them.',
  },
  'services-left-behind': {
    what: '{count} programs of respawn or failfast lines that an agent host before this one left running were ended.',
    meaning: 'They are started again.',
  },
  'reboot-failed': {
    what: 'This machine could not be rebooted: {reason}.',
    meaning: 'A failfast program has died, the resources were released, and the machine goes on without both.',
    advice: 'Reboot it by hand.',
  },
  'service-reboot-failed': {
    what: '{subject}, a failfast program, died, and this machine could not be rebooted.',
    meaning: 'Its resources were released.',
    advice: 'Reboot it by hand, or start the program again with "pairbeat cleanup".',
  },
  'watchdog-armed': {
    what: 'The watchdog {device} is armed[: it resets this machine after {seconds} s without a keepalive].',
  },
  'watchdog-unavailable': {
    what: 'The watchdog {device} cannot be opened: {reason}.',
    meaning:
      'Nothing resets this machine when the daemon hangs. heartbeat runs all the same, and tries again every minute.',
    advice:
      'ENOENT means that its driver is not loaded (modprobe softdog), EBUSY that another program has it (systemd with RuntimeWatchdogSec).',
  },
  'watchdog-timeout': {
    what: 'The timeout of the watchdog {device} could not be set to {seconds} s: {reason}.',
    meaning: 'The device waits as long as it did before.',
  },
  'watchdog-too-short': {
    what: 'The watchdog {device} waits only {seconds} s, too little for keepalives every {keepaliveMs} ms.',
    meaning: 'It would reset a healthy machine, so it is not used.',
    advice: 'Use a shorter keepalive, or another watchdog (softdog).',
  },
  'watchdog-write': {
    what: 'The watchdog {device} does not take the sign of life: {reason}.',
    meaning: 'This machine may be reset soon.',
  },
  'watchdog-condemned': {
    what: 'Something that this node holds could not be released: the watchdog {device} gets no sign of life any more.',
    meaning: 'It resets this machine[ within {seconds} s], so that nothing runs on both nodes.',
  },
  'watchdog-not-guarding': {
    what: 'The watchdog {subject} does not guard this machine ({reason}).',
    advice:
      'ENOENT means that its driver is not loaded (modprobe softdog), EBUSY that another program has it (systemd with RuntimeWatchdogSec).',
  },
  'watchdog-will-reset': {
    what: 'The watchdog {subject} is about to reset this machine: something could not be released.',
  },
} as const satisfies WordTable;
