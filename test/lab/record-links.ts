/**
 * Records what two real Heartbeat 3.0.6 nodes send over a serial line, and how they compress:
 * `node dist/test/lab/record-links.js DIRECTORY`. Needs the Debian package `heartbeat`. The transport tests read the
 * files, so nobody has to run this to test.
 */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { enterLab } from './enter.ts';
import type { Host } from './host.ts';
import { createLab, type Lab } from './lab.ts';
import { sleep } from './machine.ts';
import { captureOn } from './record-capture.ts';
import { createSerialLine } from './serial-line.ts';

async function start(host: Host, lines: readonly string[]): Promise<void> {
  cpSync('/etc/ha.d', host.configurationDirectory, { recursive: true });
  cpSync('/var/lib/heartbeat/cores', `${host.stateDirectory}/cores`, { recursive: true });
  host.writeConfiguration({
    haCf: `logfile /var/log/ha-log\nkeepalive 500ms\ndeadtime 5\ninitdead 12\nauto_failback on\nnode node1 node2\n${lines.join('\n')}\n`,
    haresources: 'node1 192.168.1.100/24/eth0\n',
    authkeys: 'auth 1\n1 sha1 labsecret\n',
  });
  await host.exec(['mkdir', '-p', '/run/heartbeat', '/run/resource-agents', '/run/lock']);
  await host.spawn(['/usr/libexec/heartbeat/heartbeat', '-f']);
}

async function recordSerial(lab: Lab): Promise<string> {
  const seen: string[] = [
    '# serial line at 38400 baud: what came out of each end',
    '# method sha1',
    '# milliseconds, end, bytes as hex',
  ];
  const beganUs = lab.nowUs();
  const line = createSerialLine((from, bytes) =>
    seen.push(`${((lab.nowUs() - beganUs) / 1000).toFixed(3)} ${from} ${Buffer.from(bytes).toString('hex')}`),
  );
  await Promise.all(lab.hosts.map((host, end) => start(host, ['baud 38400', `serial ${line.ends[end]}`])));
  await sleep(14_000);
  line.close();
  return `${seen.join('\n')}\n`;
}

/** `message` goes into the FIFO of node1; the answer are the packets of it that passed. */
async function recordMessage(lab: Lab, title: string, lines: readonly string[], message: string): Promise<string> {
  const [node1, node2] = [lab.host('node1'), lab.host('node2')];
  await Promise.all(lab.hosts.map((host) => start(host, ['bcast eth0', ...lines])));
  const capture = await captureOn(node2, 'eth0');
  await sleep(7000);
  node1.writeFile('message', message);
  await node1.exec(['sh', '-c', 'cat /etc/ha.d/message > /var/lib/heartbeat/fifo']);
  await sleep(1500);
  const packets = capture().filter((packet) => Buffer.from(packet.split(' ')[3]!, 'hex').includes('compress'));
  return `# ${title}\n# method sha1\n# milliseconds, sender, receiver, datagram as hex\n${packets.join('\n')}\n`;
}

const words = (wordCount: number): string[] =>
  Array.from({ length: wordCount }, (_, index) => `words${index}=${String(index * 7919).padStart(200, '0')}`);
const classic = (type: string): string => `>>>\nt=${type}\n${words(20).join('\n')}\n<<<\n`;
const netstring = (text: string): string => `${text.length}:${text},`;
const netstrings = (fields: readonly string[]): string => `###\n${fields.map(netstring).join('')}%%%\n`;
const nested = netstrings(['(0)t=inner', ...words(20).map((word) => `(0)${word}`)]);

await enterLab(import.meta.url, async () => {
  const directory = process.argv[2] ?? '.';
  const record = async (name: string, of: (lab: Lab) => Promise<string>): Promise<void> => {
    const lab = await createLab();
    const text = await of(lab);
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, name), text);
    await lab.close();
  };
  await record('serial.txt', recordSerial);
  for (const algorithm of ['zlib', 'bz2']) {
    const lines = [`compression ${algorithm}`, 'compression_threshold 1', 'traditional_compression yes'];
    const title = `a message compressed as a whole, ${algorithm}`;
    await record(`compressed-${algorithm}.txt`, (lab) => recordMessage(lab, title, lines, classic('large')));
    const field = [`compression ${algorithm}`, 'compression_threshold 1', 'msgfmt netstring'];
    const message = netstrings(['(0)t=large', `(5)payload=${nested}`, '(0)more=x']);
    const named = `a compressed field, ${algorithm}`;
    await record(`compressed-field-${algorithm}.txt`, (lab) => recordMessage(lab, named, field, message));
  }
  return 0;
});
