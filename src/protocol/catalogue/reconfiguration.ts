/** Words: a running node gets another configuration. */
import type { WordTable } from './words.ts';

export const reconfigurationWords = {
  'evidence-heldHere': { what: 'The group runs here already, and a part of it is started.' },
  'reload-begins': { what: '{who} asked to read the configuration again: {lines} line(s) differ.' },
  'reload-nothing-new': { what: '{who} asked to read the configuration again: it says what holds already.' },
  'reload-change': { what: '{text}' },
  'reload-error': { what: '{text}' },
  'reload-refused': {
    what: 'The configuration was not read again for {who}: it has {errors} error(s).',
    meaning: 'Nothing has changed: what held before goes on, for all files.',
    advice: 'Run "pairbeat check": it shows each error with its line.',
  },
  'reload-cuts-links': {
    what: 'The configuration was not read again for {who}: no link in it is one that works now.',
    meaning: 'The other node would hear nothing more from this one until it is reloaded as well, and take over.',
    advice: 'Leave one link as it is, reload both nodes, then change that one and reload both again.',
  },
  'reload-empties': {
    what: 'The configuration was not read again for {who}: haresources names no group any more, and {groups} did before.',
    meaning: 'All of them would be stopped, and the other node would start none of them. Nothing has changed.',
    advice:
      'If the file was cut short, put it back. To stop everything on purpose, stop heartbeat ("heartbeat -k") on both nodes.',
  },
  restarting: { what: 'heartbeat starts again for {who}; what runs here goes on running.' },
  'restart-failed': {
    what: 'heartbeat could not start again, and ends.',
    meaning: 'Its guardian goes on watching over what runs, and lets go in time if nobody comes.',
    advice: 'Start it now: "systemctl start heartbeat".',
  },
  'restart-busy': {
    what: 'heartbeat was not started again: something is still being started, stopped or handed over.',
    meaning: 'Nothing was changed.',
    advice: 'Look at "pairbeat status", and ask again when nothing moves.',
  },
  'restart-not-covered': {
    what: 'heartbeat was not started again: the other node has not acknowledged that it should wait longer than {deadtimeMs} ms.',
    meaning: 'It might take over in the middle of it. Nothing was changed.',
    advice: 'See that the nodes hear each other ("pairbeat status"); or hand the groups over first ("hb_standby all").',
  },
  'ssh-failed': {
    what: 'The other machine could not be reached over ssh as {host}: {reason}.',
    meaning: 'Nothing more was done there.',
    advice: 'Try "ssh -o BatchMode=yes {host} true" until it works without a question, or name another host.',
  },
  'push-check-failed': {
    what: 'The files are not valid on {host} ("pairbeat check" exits {code}): {output}.',
    meaning: 'The files that were there are back in place, and nothing was taken up.',
    advice:
      'Mend what it says here, and push again. Lines that differ between the nodes (ucast with one address) cannot be pushed.',
  },
  'push-reload-failed': {
    what: 'heartbeat on {host} did not take the files up (exit {code}): {output}.',
    meaning: 'The files that were there are back in place.',
    advice: 'Look at its log.',
  },
  'address-malformed': {
    what: '{reason}: nothing was changed.',
    advice: 'Write it as in haresources: ADDRESS/PREFIX/DEVICE, 192.168.1.101/24/eth0 for example.',
  },
  'address-there': { what: '{address} is in haresources already, in the group {group}.' },
  'address-not-there': { what: 'haresources has no address {address}[ in the group {group}].' },
  'address-group-needed': {
    what: 'haresources has several groups: which one is meant is not clear.',
    advice: 'Say it with --group. The groups are: {groups}.',
  },
  'address-names-group': {
    what: '{address} is the first word of its line, and so the name of the group {group}.',
    meaning: 'Without it the group would be another one, and be stopped until both nodes know it.',
    advice: 'Edit haresources on both nodes by hand and reload both, at a time when the group may be down.',
  },
  'group-changing': {
    what: 'haresources names other resources for {group}: {stops} to stop, {starts} to start. The rest goes on running.',
  },
  'group-removed': {
    what: 'haresources does not name {group} any more: it is stopped.',
    meaning: 'The other node does not start it either as long as this one does not know it.',
  },
  'resource-elsewhere': {
    what: '{resource} belongs to {group} by haresources here, and to {other} by what runs on {peer}.',
    meaning: 'It is not started here: it might run on both nodes.',
    advice: 'Make haresources the same on both nodes ("pairbeat push-config" copies it), and reload both.',
  },
  'group-changed': { what: '{group} was changed while it ran: it consists of {resources} resource(s) now.' },
  'resource-left-out': {
    what: '{resource} was to be added to {group}, and did not start: {reason}.',
    meaning: '{group} goes on running without it, and nothing of {resource} is left here.',
    advice:
      'Mend what the reason names, then run "heartbeat -r" again; or take the resource out of haresources on both nodes.',
  },
} as const satisfies WordTable;
