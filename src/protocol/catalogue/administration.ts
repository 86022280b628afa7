/** Words: what administrators and their scripts ask of the pair beside handovers. */
import type { WordTable } from './words.ts';

export const administrationWords = {
  'peer-adds-node': {
    what: '{peer} was told to take {nodes} into the cluster (hb_addnode). This node did not.',
    meaning:
      'haresources has two nodes. If {peer} runs Heartbeat 3, it will take the silence of {nodes} for a death and lose count of what it holds.',
    advice: 'Restart heartbeat on {peer}. For more than two nodes use Pacemaker.',
  },
  'peer-removes-us': {
    what: '{peer} was told to remove this node ({self}) from the cluster (hb_delnode).',
    meaning: 'It may not hear this node any more, and may start what runs here.',
    advice: 'Undo it on {peer}: take {self} out of its delhostcache and restart heartbeat there.',
  },
  'third-node': {
    what: '{node} cannot be added: a pair has two nodes, {self} and {peer}, the ones that ha.cf names.',
    meaning:
      'Nothing was changed. Resources in haresources run on one of two nodes; Heartbeat 3 takes a third one and then lets two nodes start the same groups.',
    advice:
      'To replace a node, stop heartbeat on it and give its name to the new machine. For more than two nodes use Pacemaker with Corosync.',
  },
  'node-known-already': {
    what: '{node} is one of the two nodes already.',
    meaning: 'Nothing was changed.',
  },
  'node-is-self': {
    what: '{node} is this node. A node cannot remove itself.',
    meaning: 'Nothing was changed.',
    advice: 'To take it out of service, hand its groups over ("hb_standby") and stop it ("heartbeat -k").',
  },
  'node-is-alive': {
    what: '{node} is alive ({status}).',
    meaning: 'Nothing was changed. Only a node that is dead can be removed: this one may be running groups.',
    advice: 'Stop heartbeat there first ("heartbeat -k" on {node}), then ask again.',
  },
  'node-unknown': {
    what: 'No node of this cluster is called {node}.',
    meaning: 'Nothing was changed.',
    advice: 'The nodes are: {nodes}.',
  },
  'node-removed': {
    what: '{node} was removed by {who}: its weight, site and uuid are forgotten.',
    meaning: 'ha.cf still names it, so it is a member again as soon as it is heard.',
    advice: 'If another machine takes its place under another name, change "node" in ha.cf on both and restart.',
  },
  'weight-invalid': {
    what: '{weight} is not a weight: a whole number from 0 to 1000000 was expected.',
    meaning: 'Nothing was changed.',
  },
  'site-invalid': {
    what: 'A site is a word of at most 100 characters, without blanks: "{site}" is not.',
    meaning: 'Nothing was changed.',
  },
  'client-offline': { what: '{client} does not run on {node}.' },
  'client-unanswered': {
    what: '{node} did not say within {timeoutMs} ms whether {client} runs there.',
    advice: 'Ask again with a longer time (the last argument, in ms).',
  },
  'node-changed': { what: '{node}: weight {weight}[, site {site}].' },
  'host-cache-unreadable': {
    what: '{file} has {lines} line(s) that are not "name<TAB>uuid<TAB>weight<TAB>site": they are ignored.',
    advice: 'hb_setweight and hb_setsite write it anew.',
  },
  'script-message-refused': {
    what: 'A message of type {messageType} from the FIFO was not sent: {reason}.',
    advice: 'docs/fifo.md lists what a script may say.',
    values: {
      reason: {
        protocol: 'only heartbeat itself may say that',
        type: 'its field "t" is missing or not a word',
        field: 'it has a field whose name begins with "pb"; these are Pairbeat\'s own',
        binary: 'it has a field that is not text',
        size: 'it is too long (32 fields, 8 KiB)',
        scope: 'its rsc_hold is none of all, local, foreign',
      },
    },
  },
  'fifo-text-refused': {
    what: '{bytes} bytes written to {file} are no message and were thrown away: {reason}.',
    advice: 'A message is the line ">>>", lines of name=value with t=TYPE among them, and the line "<<<".',
    values: {
      reason: {
        outside: 'they stand outside of ">>>" and "<<<"',
        unfinished: 'a new ">>>" came before their "<<<"',
        endless: 'they are longer than a message may be',
        malformed: 'a line is not name=value',
        silent: 'their "<<<" did not come',
      },
    },
  },
  'fifo-flood': {
    what: 'More than {limit} messages a second were written to {file}: {dropped} were thrown away.',
    advice: 'Find the script that writes them.',
  },
  'fifo-unusable': {
    what: 'The FIFO {file} cannot be used: {error}.',
    meaning: 'Scripts cannot send messages through it; everything else works.',
    advice: 'Remove what stands there under that name and restart heartbeat.',
  },
  'fifo-command-refused': {
    what: 'A script asked for {verb} through the FIFO and was refused.',
    meaning: '{reason}',
  },
} as const satisfies WordTable;
