/** Writes down the IPv4 heartbeat datagrams that a device of this host sees. As a program: runs inside the host. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openCapture } from '../../src/io/capture/capture.ts';
import type { Host } from './host.ts';

const file = '/var/log/captured';

/** Answers a function that gives the lines so far: milliseconds, sender, receiver, datagram as hex. */
export async function captureOn(host: Host, device: string): Promise<() => string[]> {
  await host.spawn([process.execPath, fileURLToPath(import.meta.url), device]);
  const path = join(host.logDirectory, 'captured');
  return () => (existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : []);
}

const [, program, device] = process.argv;
if (program === fileURLToPath(import.meta.url) && device !== undefined) {
  let beganUs: number | undefined;
  const opened = openCapture(device, 694, ({ atUs, source, destination, bytes }) => {
    beganUs ??= atUs;
    const hex = Buffer.from(bytes).toString('hex');
    appendFileSync(file, `${((atUs - beganUs) / 1000).toFixed(3)} ${source} ${destination} ${hex}\n`);
  });
  if (!opened.ok) throw new Error(opened.problem.code);
}
