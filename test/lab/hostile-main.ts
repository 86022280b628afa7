/**
 * Somebody on the service network who can listen and send, but does not know the key: records the pair's broadcasts,
 * then floods both nodes with replays, truncated and altered copies, noise and oversized datagrams. Prints what it did.
 *
 * Started as: hostile-main SECONDS
 */
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';

const seconds = Number(process.argv[2] ?? '4');
const port = 694;
const targets = ['192.168.1.6', '192.168.1.8', '192.168.1.255'];
const captured: Buffer[] = [];
let datagrams = 0;

const socket = createSocket({ type: 'udp4', reuseAddr: true });
socket.on('message', (bytes) => {
  if (captured.length < 200) captured.push(Buffer.from(bytes));
});
socket.on('error', () => {});
socket.bind(port, () => {
  socket.setBroadcast(true);
  setTimeout(attack, 1000);
});

function attack(): void {
  const rounds = setInterval(() => {
    for (let count = 0; count < 10; count += 1) for (const target of targets) send(hostileDatagram(), target);
  }, 10);
  setTimeout(() => {
    clearInterval(rounds);
    console.log(JSON.stringify({ captured: captured.length, datagrams }));
    process.exit(0);
  }, seconds * 1000);
}

function send(bytes: Buffer, target: string): void {
  datagrams += 1;
  socket.send(bytes, port, target);
}

function hostileDatagram(): Buffer {
  const genuine = captured[datagrams % Math.max(1, captured.length)] ?? randomBytes(100);
  switch (datagrams % 6) {
    case 0:
      return genuine;
    case 1:
      return genuine.subarray(0, datagrams % genuine.length);
    case 2:
      return altered(genuine);
    case 3:
      return randomBytes(1 + (datagrams % 500));
    case 4:
      return Buffer.concat([genuine, randomBytes(20_000)]);
    default:
      // A keepalive that says node1 were dead, under a signature that cannot be right.
      return Buffer.from(genuine.toString('latin1').replaceAll('active', 'dead'), 'latin1');
  }
}

function altered(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  const position = datagrams % copy.length;
  copy[position] = copy[position]! ^ (1 << (datagrams % 8));
  return copy;
}
