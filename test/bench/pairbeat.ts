/** Pairbeat itself, with one address and, as the others have it, one link. */
import { existsSync } from 'node:fs';
import type { Host } from '../lab/host.ts';
import { Pair, program } from '../lab/pair.ts';
import { type Contender, type ContenderFactory, sharedAddress } from './contender.ts';

export const pairbeat: ContenderFactory = {
  name: 'pairbeat',
  unavailable: () => (existsSync(program('heartbeat')[1]!) ? undefined : 'not built'),
  create: (lab, timers) => {
    const pair = new Pair(lab, {
      ...timers,
      haresources: `node1 IPaddr::${sharedAddress}/24/eth0\n`,
      authkeys: 'auth 1\n1 sha256 benchmark-only-key-of-some-length\n',
      extra: ['realtime on'],
    });
    return contenderOf(pair);
  },
};

export function contenderOf(pair: Pair): Contender {
  return {
    name: 'pairbeat',
    start: async (host: Host) => void (await pair.start(host)),
    stop: async (host) => void (await pair.stop(host)),
    standby: async (host) => void (await pair.run(host, 'hb_standby', 'all')),
    takeBack: async (lab) => void (await pair.run(lab.host('node1'), 'hb_takeover', 'local')),
    settled: () => pair.settled(),
  };
}
