/**
 * Clients of the control sockets and of the FIFO as nobody should write them, all at once, for some seconds. Prints what they were told:
 * how often each problem code came, and how many answers.
 *
 * Started as: greedy-main RUN_DIRECTORY SECONDS KIND ...
 */
import { createWriteStream } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { join } from 'node:path';

const [, , runDirectory = '/run/heartbeat', secondsText = '2', ...wanted] = process.argv;
const fifo = '/var/lib/heartbeat/fifo';
const sockets = ['status.sock', 'oper.sock', 'admin.sock'];
const told: Record<string, number> = {};
const tell = (what: string): void => {
  told[what] = (told[what] ?? 0) + 1;
};

function connect(name: string, reads = true): Socket {
  const socket = createConnection({ path: join(runDirectory, name) });
  socket.on('error', (error: NodeJS.ErrnoException) => tell(error.code ?? error.message));
  socket.on('connect', () => tell('connected'));
  socket.on('close', () => tell('closed'));
  if (reads) socket.on('data', countCodes);
  else socket.pause();
  return socket;
}

function countCodes(chunk: Buffer): void {
  for (const [, code = ''] of chunk.toString('latin1').matchAll(/"problem":\{"code":"([a-z-]+)"/g)) tell(code);
  tell('answers');
}

const request = (id: number, verb = 'status', args: object = {}): string =>
  `${JSON.stringify({ v: 1, id, verb, args })}\n`;
/** As fast as the daemon takes it. */
function pour(socket: Socket, text: string): void {
  const more = (): void => {
    while (!socket.destroyed && socket.write(text));
  };
  socket.on('drain', more);
  socket.on('connect', more);
}

const kinds: Readonly<Record<string, (socket: string) => void>> = {
  silent: (socket) => Array.from({ length: 300 }, () => connect(socket)),
  churn(socket) {
    const again = (): void => void connect(socket, false).on('close', again).destroySoon();
    for (let count = 0; count < 30; count += 1) again();
  },
  fifo(socket) {
    const stream = createWriteStream(fifo);
    const text = socket === 'oper.sock' ? '>>>\nt=hb_nonsense\n<<<\n'.repeat(200) : 'no message at all\0'.repeat(500);
    const more = (): void => {
      while (stream.write(text));
    };
    stream.on('drain', more).on('error', () => tell('fifo-closed'));
    more();
  },
  half: (socket) => connect(socket).write('{"v":1,"id":1,"verb":"sta'),
  slow(socket) {
    const client = connect(socket);
    const text = request(1).repeat(100);
    let at = 0;
    setInterval(() => client.destroyed || client.write(text[at++ % text.length]!), 20);
  },
  large: (socket) =>
    connect(socket).write(`${JSON.stringify({ v: 1, id: 1, verb: 'status', args: { x: 'y'.repeat(1100_000) } })}\n`),
  deep: (socket) =>
    connect(socket).write(`${'['.repeat(8000)}${']'.repeat(8000)}\n${'{"a":'.repeat(3000)}1${'}'.repeat(3000)}\n`),
  noise: (socket) => connect(socket).write(Buffer.from(Array.from({ length: 70_000 }, (_, at) => (at * 131) & 255))),
  pipelined: (socket) => Array.from({ length: 10 }, () => pour(connect(socket), request(7).repeat(500))),
  unread: (socket) => Array.from({ length: 10 }, () => pour(connect(socket, false), request(7).repeat(500))),
  refused: (socket) =>
    Array.from({ length: 5 }, () => pour(connect(socket), '{"v":1,"id":3,"verb":"nothing","args":{}}\n'.repeat(1000))),
};

for (const kind of wanted.length > 0 ? wanted : Object.keys(kinds)) for (const socket of sockets) kinds[kind]!(socket);
setTimeout(() => {
  process.stdout.write(JSON.stringify(told), () => process.exit(0));
}, Number(secondsText) * 1000);
