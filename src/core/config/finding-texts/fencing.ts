/** Findings about fence devices. No text carries a parameter of a device. */
import type { FindingText } from '../finding-texts.ts';

export const fencingTexts = {
  'fence-type': {
    severity: 'error',
    heartbeat: 'refuses',
    problem: ({ type }) => `"${type}" cannot be the type of a fence device`,
    advice: () =>
      'A type is fence_NAME (a fence agent), external/NAME (a script of cluster-glue) or a plugin that `stonith -L` lists.',
  },
  'fence-not-installed': {
    severity: 'error',
    heartbeat: 'refuses',
    problem: ({ type, places }) => `the fence device ${type} is not installed on this machine: there is no ${places}`,
    advice: ({ agent }) =>
      agent
        ? 'Install it (Debian: package fence-agents) or correct the type.'
        : 'Install it (Debian: package cluster-glue) or correct the type.',
  },
  'fence-file-unreadable': {
    severity: 'error',
    heartbeat: 'refuses',
    problem: ({ path, reason }) => `the file of the fence device, ${path}, cannot be read: ${reason}`,
    advice: () =>
      'It holds the parameters of the device: one line in the order that `stonith -t TYPE -n` prints, or a name=value line for each.',
  },
  'fence-file-empty': {
    severity: 'error',
    heartbeat: 'refuses',
    problem: ({ path }) => `${path} says nothing about the fence device`,
    advice: () =>
      'It holds the parameters of the device: one line in the order that `stonith -t TYPE -n` prints, or a name=value line for each.',
  },
  'fence-file-unsafe': {
    severity: 'error',
    heartbeat: 'accepts',
    problem: ({ path, mode, owner }) =>
      owner
        ? `${path} does not belong to root: its owner could take the protection of the pair away`
        : `${path} (mode ${mode}) can be written by others: whoever does could take the protection of the pair away`,
    advice: ({ path }) => `chown root:root ${path}; chmod 600 ${path}`,
  },
  'fence-file-mode': {
    severity: 'warning',
    heartbeat: 'accepts',
    problem: ({ path, mode }) => `every user of this machine can read the passwords in ${path} (mode ${mode})`,
    advice: ({ path }) => `chmod 600 ${path}`,
  },
  'fence-secret-readable': {
    severity: 'warning',
    heartbeat: 'accepts',
    problem: ({ type, mode }) =>
      `ha.cf (mode ${mode}) can be read by every user of this machine, and this line has the parameters of ${type}`,
    advice: ({ type }) =>
      `Put the parameters into a file of mode 0600 and write \`stonith ${type} /etc/ha.d/FILE\`, or chmod 600 ha.cf.`,
  },
  'fence-parameters-unnamed': {
    severity: 'error',
    heartbeat: 'accepts',
    problem: ({ type }) => `the parameters of the fence agent ${type} must be name=value words`,
    advice: ({ type }) =>
      `For example \`ip=10.0.0.2 username=admin password=SECRET lanplus=1\`. \`fence_${String(type).replace(/^(rhcs\/)?(fence_)?/, '')} -o metadata\` lists the names.`,
  },
  'fence-agent-unknown-to-heartbeat': {
    severity: 'note',
    heartbeat: 'refuses',
    onlyAsHeartbeat: true,
    problem: ({ type }) => `Heartbeat 3.0.6 has no fence device of type ${type}: fence agents are an extension`,
  },
  'fence-parameters-named': {
    severity: 'note',
    heartbeat: 'misreads',
    onlyAsHeartbeat: true,
    problem: ({ type }) => `Heartbeat 3.0.6 takes the parameters of ${type} by their position, not by name`,
    advice: ({ type }) => `Write the values alone, in the order that \`stonith -t ${type} -n\` prints.`,
  },
  'fence-file-named': {
    severity: 'note',
    heartbeat: 'refuses',
    onlyAsHeartbeat: true,
    problem: ({ path }) => `Heartbeat 3.0.6 takes the first line of ${path} for all parameters, by their position`,
    advice: () => 'For it the values must stand on one line, in the order that `stonith -t TYPE -n` prints.',
  },
  'fence-file-unnamed': {
    severity: 'error',
    heartbeat: 'accepts',
    problem: ({ type }) => `the file with the parameters of ${type} is not named`,
    advice: () => 'The form is `stonith type configfile`. Heartbeat starts without one, and could not fence.',
  },
  'fence-parameters-missing': {
    severity: 'error',
    heartbeat: 'refuses',
    problem: ({ type }) => `${type} needs parameters: whom it can switch off, and how it is reached`,
    advice: ({ type }) => `\`stonith -t ${type} -n\` prints which, in order.`,
  },
  'fence-several': {
    severity: 'note',
    heartbeat: 'misreads',
    onlyAsHeartbeat: true,
    problem: ({ type }) =>
      `Heartbeat uses only the last fence device that it may use here (${type}); Pairbeat tries them in order`,
  },
  'fence-too-many': {
    severity: 'error',
    heartbeat: 'misreads',
    problem: ({ limit }) => `more than ${limit} stonith and stonith_host lines`,
    advice: () => 'Two devices for each node are enough: its management board, and its power strip.',
  },
  'fence-host-unknown': {
    severity: 'warning',
    heartbeat: 'accepts',
    problem: ({ host }) => `no node is called ${host}: nobody uses this fence device`,
    advice: ({ nearest }) =>
      `${nearest ? `Did you mean ${nearest}? ` : ''}The first word names the machine that can reach the device, not the one that it switches off; * is every one.`,
  },
  'fence-none-for-this-node': {
    severity: 'warning',
    heartbeat: 'misreads',
    problem: ({ node }) =>
      `no fence device is for ${node}: when the other node falls silent, nothing is taken over before an operator says that it is off`,
    advice: ({ node }) =>
      `Add a \`stonith_host ${node} TYPE ...\` line with a device that switches the other node off. Heartbeat takes over without fencing here.`,
  },
  'fence-not-for-peer': {
    severity: 'warning',
    heartbeat: 'misreads',
    problem: ({ type, peer, node }) =>
      `${type} switches ${node} off and not ${peer}: when ${peer} falls silent, nothing is taken over before an operator says that it is off`,
    advice: ({ peer, node }) =>
      `The first word of stonith_host is the machine that uses the device. ${node} needs a line with the device of ${peer}.`,
  },
  'fence-no-proof': {
    severity: 'warning',
    heartbeat: 'misreads',
    problem: ({ type, why, alone }) =>
      `${type} proves nothing: ${why}. It is not used${alone ? ', and there is no other device here: when the other node falls silent, nothing is taken over before an operator says that it is off' : ''}`,
    advice: ({ alone, agent }) =>
      `${
        alone
          ? 'Name a device that cuts the power of the other machine. To go on without one, remove the line: then silence alone is enough for a takeover, and the pair is UNPROTECTED.'
          : 'Remove the line.'
      }${agent ? '' : ' Heartbeat believes this device.'}`,
  },
  'fence-timeout-short': {
    severity: 'warning',
    heartbeat: 'ignores',
    problem: ({ timeout, type, needed }) =>
      `fence_timeout ${timeout} ends an attempt before ${type} itself may be ready (${needed} s by its login_timeout and power_timeout, the agent's own where none is written)`,
    advice: () =>
      'Raise fence_timeout, or lower login_timeout and power_timeout of the device: that is the cheapest way to a faster failover.',
  },
  'fence-delay-short': {
    severity: 'warning',
    heartbeat: 'ignores',
    problem: ({ delay, type, needed, by }) =>
      by === 'power_timeout'
        ? `fence_delay ${delay} is shorter than ${type} may take: its power_timeout is ${needed} s`
        : `fence_delay ${delay} is not longer than ${type} takes: its power_wait and delay alone are ${needed} s`,
    advice: () =>
      'When only the links are cut, both nodes may switch each other off. On both nodes write a fence_delay longer than the device takes: `pairbeat timeline` says how long after a test, `pairbeat fence-status` how long it takes for an answer.',
  },
  'fence-no-delay': {
    severity: 'warning',
    heartbeat: 'ignores',
    problem: () => 'without fence_delay both nodes fence each other at the same moment when only the links are cut',
    advice: () => 'Write `fence_delay 2` or more: the node that held less waits that long before it fences.',
  },
  'fence-boot-loop': {
    severity: 'warning',
    heartbeat: 'ignores',
    problem: () =>
      'wait_for_all off: a node that was fenced and boots alone fences the other one, which may boot and do the same',
    advice: () => 'Leave it on unless a pair must start with one node and nobody there to say so.',
  },
  'fence-options-idle': {
    severity: 'note',
    heartbeat: 'ignores',
    problem: () => 'there is no stonith or stonith_host line in ha.cf, so this says nothing',
    advice: () => 'docs/fencing.md tells how a fence device is configured.',
  },
} as const satisfies Record<string, FindingText>;
