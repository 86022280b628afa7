/** What an IPaddr failure means, in words: what happened and what to do. Shown in status, log and `ocf-exit-reason:`. */
import type { Problem } from '../../src/core/result.ts';

type Fields = Problem['fields'];

const reasons: Readonly<Record<string, (fields: Fields) => string>> = {
  'address-missing': () => 'No address is given. Write IPaddr::ADDRESS/NETMASK/DEVICE, or set the parameter ip.',
  'address-invalid': ({ ip }) => `"${ip}" is not an IP address.`,
  'address-argument-invalid': ({ argument }) =>
    `"${argument}" has too many parts. Write ADDRESS/NETMASK/DEVICE[:LABEL]/BROADCAST.`,
  'netmask-invalid': ({ netmask }) => `"${netmask}" is not a netmask. Write a prefix length like 24, or 255.255.255.0.`,
  'broadcast-invalid': ({ broadcast }) => `"${broadcast}" is not an IPv4 broadcast address.`,
  'nic-invalid': ({ nic }) => `"${nic}" cannot be the name of a network device.`,
  'label-invalid': ({ label }) =>
    `The label "${label}" is not possible: at most 15 characters together with the device.`,
  'nic-missing': ({ nic, ip }) => `There is no network device ${nic} on this node to put ${ip} on.`,
  'nic-not-found-by-route': ({ ip }) =>
    `No connected network contains ${ip}, so no device could be chosen. Write ${ip}/NETMASK/DEVICE.`,
  'netmask-not-found-by-route': ({ ip, nic }) =>
    `${nic} has no connected network that contains ${ip}, so no netmask could be chosen. Write ${ip}/NETMASK/${nic}.`,
  'address-in-use': ({ ip, nic, hardware }) =>
    `${ip} is in use already: ${hardware} answers for it on ${nic}. Take it from that machine, or use another address.`,
  'netlink-refused': ({ what, reason }) => `The kernel refused to ${what}: ${reason}.`,
};

export function reasonFor(problem: Problem): string {
  const sentence = reasons[problem.code];
  if (sentence !== undefined) return sentence(problem.fields);
  return [problem.code, ...Object.entries(problem.fields).map(([name, value]) => `${name}=${value}`)].join(' ');
}
