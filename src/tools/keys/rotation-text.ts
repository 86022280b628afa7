/** What `rotate-key` says after each step, and what is to be run on the other node: word by word, to be copied. */
import type { NodeReport } from '../../protocol/status.ts';
import type { Awaited, Exchange, RotationStep } from './rotation.ts';

export interface Instruction {
  readonly text: string;
  readonly commands: readonly string[];
}

export function stepText(step: RotationStep, { next, old }: Exchange, method: string, backup: string): string {
  switch (step) {
    case 'add':
      return `1. Key ${next} (${method}) is in authkeys here and accepted; key ${old} goes on signing.`;
    case 'sign':
      return `2. This node signs with key ${next} now; key ${old} is still accepted.`;
    case 'remove':
      return `3. Key ${old} is no longer accepted here. ${backup} still has it: delete that file when all is done.`;
  }
}

export const plannedText: Readonly<Record<RotationStep, (exchange: Exchange) => string>> = {
  add: ({ next, old }) => `would add key ${next} to authkeys here, accepted beside key ${old}`,
  sign: ({ next }) => `would sign with key ${next} from this node on`,
  remove: ({ old }) => `would drop key ${old} from authkeys here`,
};

/** `copy`: the file that the other node is to take over. */
export function instructionFor(awaited: Awaited, peer: NodeReport, { next }: Exchange, copy: string): Instruction {
  const { name } = peer;
  const target = `root@${name}`;
  if (peer.product === 'heartbeat') {
    return {
      text: `${name} runs Heartbeat 3, which does not say what it accepts. It has to sign with key ${next} first: its authkeys needs the lines of both keys and "auth ${next}" above them (--peer-file writes that file), and has to be read:`,
      commands: [`scp -p ${copy} ${target}:/etc/ha.d/authkeys`, `ssh ${target} service heartbeat reload`],
    };
  }
  const goOn = `ssh ${target} pairbeat rotate-key`;
  switch (awaited) {
    case 'peer-accepts':
      return {
        text: `${name} has to take the key over, and goes on from there:`,
        commands: [`scp -p ${copy} ${target}:/etc/ha.d/authkeys`, goOn],
      };
    case 'peer-signs':
      return { text: `${name} has to sign with key ${next} as well:`, commands: [goOn] };
    case 'peer-removes':
      return { text: `This node is done; ${name} still accepts the old key:`, commands: [goOn] };
  }
}

export function doneText({ next, old }: Exchange, peer: NodeReport): string {
  const both = `Key ${next} has replaced key ${old}.`;
  if (peer.product !== 'heartbeat') return `${both} Neither node accepts key ${old} any more.`;
  return `${both} ${peer.name} runs Heartbeat 3 and does not say whether it still has key ${old}: remove its line there, then "service heartbeat reload".`;
}
