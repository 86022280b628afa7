import type { WordTable } from './words.ts';

/** What the agent host, the guardian, own agents and the lookup of scripts report. */
export const agentWords: WordTable = {
  'hook-failed': {
    what: 'The hook {hook} failed: {how}[, saying: {said}].',
    meaning: 'A hook has no influence on resources: nothing else was changed by this.',
    advice: 'Run the script by hand with the variables that docs/hooks.md lists.',
  },
  'hook-dropped': {
    what: 'The hook {hook} was not run: {limit} others wait already.',
    meaning: 'A hook that hangs holds up those behind it. Resources are not affected.',
    advice: 'See which script of rc.d does not end.',
  },
  'hook-done': { what: 'The hook {hook} has run.' },
  'hook-unsafe': {
    what: 'The hook {hook} is not run: {reason}.',
    meaning: 'Whoever can change that file could become root through it.',
    advice: 'chown root:root {hook} and chmod 755 {hook}, then "heartbeat -r".',
  },
  'address-conflict': {
    what: '{ip} on {nic} is used by two machines: {hardware} answers for it too.',
    meaning: 'Clients reach one or the other by chance.',
    advice: 'Find the machine with that hardware address and take {ip} away from it.',
  },
  'address-shared': {
    what: 'An address of {group} ({resource}) is used by two machines: {hardwareAddress} answers for it too.',
    meaning: 'Clients reach one or the other by chance. The other node may not have let go of it.',
    advice: 'Find the machine with that hardware address and take the address away from it.',
  },
  'address-in-use': {
    what: 'An address is in use already[: {ip}][: {resource}][; {hardware} answers for it][ on {nic}][; {hardwareAddress} answers for it].',
    meaning: 'It was not configured here.',
    advice: 'Take it from that machine, or use another address.',
  },
  'address-lost': {
    what: 'The kernel removed {ip} together with another address of its subnet, and it could not be configured again.',
    meaning: 'The group it belongs to is without its address.',
    advice: 'Stop and start that group, or set net.ipv4.conf.all.promote_secondaries to 1.',
  },
  'address-missing': {
    what: 'No address is given.',
    advice: 'Write IPaddr::ADDRESS/NETMASK/DEVICE.',
  },
  'address-invalid': { what: '"{ip}" is not an IP address.' },
  'address-argument-invalid': {
    what: '"{argument}" has too many parts.',
    advice: 'Write ADDRESS/NETMASK/DEVICE[:LABEL]/BROADCAST.',
  },
  'netmask-invalid': {
    what: '"{netmask}" is not a netmask.',
    advice: 'Write a prefix length like 24, or 255.255.255.0.',
  },
  'broadcast-invalid': { what: '"{broadcast}" is not an IPv4 broadcast address.' },
  'nic-invalid': { what: '"{nic}" cannot be the name of a network device.' },
  'label-invalid': { what: 'The label "{label}" is not possible: at most 15 characters together with the device.' },
  'nic-missing': { what: 'There is no network device {nic} on this node to put {ip} on.' },
  'nic-not-found-by-route': {
    what: 'No connected network contains {ip}, so no device could be chosen.',
    advice: 'Write {ip}/NETMASK/DEVICE.',
  },
  'netmask-not-found-by-route': {
    what: '{nic} has no connected network that contains {ip}, so no netmask could be chosen.',
    advice: 'Write {ip}/NETMASK/{nic}.',
  },
  'announce-failed': {
    what: 'The address could not be announced on {nic}: {reason}.',
    meaning: 'It works here, but neighbours may send to its former place until their caches expire.',
  },
  'netlink-refused': { what: 'The kernel refused to {what}: {reason}.' },
  'netlink-unavailable': {
    what: 'The kernel gives no netlink socket: {reason}.',
    meaning: 'Addresses are moved by the command ip, which takes milliseconds instead of microseconds.',
  },
  'raw-socket-unavailable': {
    what: 'The kernel gives no raw socket: {reason}.',
    meaning: 'Addresses are announced by the command arping, and address conflicts are not noticed.',
  },
  'realtime-unavailable': {
    what: 'Real-time priority is not possible: {reason}.',
    meaning: 'On a busy machine keepalives and takeovers may be late by tenths of a second.',
    advice: 'Run as root, or allow it (LimitRTPRIO in the systemd unit), or write "realtime off".',
  },
  'guardian-acted': {
    what: 'The daemon was silent for too long: the guardian released the addresses and stopped the rest[ ({addresses} of {held} resources were addresses)].',
    meaning: 'The peer takes over.',
    advice: 'See the log for why the daemon ended or hung, and start it again.',
  },
  'address-release-failed': {
    what: 'The guardian could not release an address: {reason} ({outcome}).',
    meaning: 'The address may be on both nodes now.',
    advice: 'Remove it by hand: ip address delete ADDRESS dev DEVICE.',
  },
  'guardian-stop-failed': {
    what: 'The guardian could not stop {resource} of group {group}: {reason} ({outcome}).',
    meaning: 'It may run on both nodes now.',
    advice: 'Stop it by hand.',
  },
  'operation-reaped': {
    what: 'An operation that the agent host before this one had under way was ended (processes: {processes}).',
    meaning: 'Its resource counts as unknown until it has been stopped.',
  },
  'fencing-reaped': {
    what: 'What a fence device had been told by a process of heartbeat that is gone was ended (processes: {processes}).',
    meaning: 'Nobody waits for it any more. Whether it has switched the other node off is not known.',
  },
  'agent-background-failed': { what: 'Work after the start of a resource failed: {reason}.' },
  'host-inventory-unwritable': {
    what: 'The agent host cannot write down what it runs: {reason}.',
    meaning: 'If it dies, the next one does not know what to stop.',
    advice: 'Make room in the run directory.',
  },
  'host-inventory-damaged': {
    what: 'What the agent host had written down of the things that run here is damaged: {file}.',
    meaning: 'Everything that heartbeat manages may run here, so it is all stopped first, before anything is started.',
  },
  'host-fault': {
    what: 'The agent host is broken: {reason}.',
    meaning: 'It releases the addresses, stops the rest and ends; the daemon starts a new one.',
    advice: 'This is a fault of Pairbeat: keep this line and <run-dir>/guardian.log for a report.',
  },
  'host-start-failed': {
    what: 'The agent host does not start: {reason}.',
    meaning: 'Nothing can be started or stopped until it does; it is tried again.',
  },
  'agent-name-invalid': {
    what: '"{name}" cannot be the name of a resource script.',
    advice: 'Use letters, digits, dot, dash and underscore.',
  },
  'agent-unit-invalid': {
    what: '"{resource}" names no unit of systemd.',
    advice: 'The form is systemd::NAME or systemd::NAME.service, with one name.',
  },
  'agent-missing': {
    what: 'There is no script for {resource}.',
    meaning: 'It cannot be started here.',
    advice: 'Put an executable file at one of: {places}.',
  },
  'agent-file-unsafe': {
    what: '{file}, which {resource} would run as root, can be changed by others.',
    meaning: 'It is not run.',
    advice: 'chown root:root {file} && chmod go-w {file}',
  },
  'ocf-parameter-invalid': { what: '{file}, line {line}: "{text}" is not name=value.' },
  'ocf-parameters-unreadable': { what: '{file} cannot be read: {reason}.' },
  'ocf-parameters-too-long': { what: '{file}: more than {limit} bytes of parameters.' },
};
