/**
 * One node of the real rounds: a process with a configuration store on real files. It talks to the process that started it in lines of
 * JSON: its messages for the other node go out, those of the other node come in, and so do membership and commits. It says what was
 * answered only after it was answered, so that whoever reads it may rely on it. It dies when it is killed, or, with `--die-at N`, by
 * its own SIGKILL before the N-th step that it takes on the disk.
 */
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import type { StoreMessage } from '../../../src/core/cib/store/messages.ts';
import type { Candidate } from '../../../src/core/cib/store/state.ts';
import { fromMessage, toMessage } from '../../../src/core/cib/store/wire.ts';
import type { Message } from '../../../src/core/transport/message.ts';
import { openConfigurationStore } from '../../../src/io/configuration-store.ts';
import { type FileOperations, realFileOperations } from '../../../src/io/file-operations.ts';
import { createPlainFiles } from '../../../src/io/plain-files.ts';
import type { ChildLine, PackedMessage, ParentLine } from './lines.ts';

const { values } = parseArgs({
  options: {
    directory: { type: 'string', default: '' },
    node: { type: 'string', default: '' },
    parity: { type: 'string', default: '0' },
    'die-at': { type: 'string', default: '0' },
  },
});

const nowUs = (): number => Number(process.hrtime.bigint() / 1000n);

const opened = await openConfigurationStore(
  createPlainFiles(values.directory, dyingFiles(Number(values['die-at']))),
  { node: values.node, parity: values.parity === '0' ? 0 : 1 },
  {
    nowUs,
    send: (message) => say({ what: 'send', message: packed(message) }),
    onChanged: ({ digest }) => say({ what: 'changed', digest }),
    onProblem: ({ code }) => say({ what: 'problem', code }),
  },
);
if (!opened.ok) {
  say({ what: 'problem', code: opened.problem.code });
  process.exit(1);
}
const store = opened.value;
say({ what: 'started', condition: store.state.condition, digest: store.state.current?.entry.digest ?? '' });

setInterval(() => {
  if (nowUs() >= store.dueUs()) store.handle({ type: 'tick' });
}, 20);

for await (const line of createInterface({ input: process.stdin })) take(JSON.parse(line) as ParentLine);
process.exit(0);

function take(line: ParentLine): void {
  if (line.what === 'peer') store.handle({ type: 'peer', isMember: line.isMember, leads: line.leads });
  else if (line.what === 'message') {
    const message = fromMessage(unpacked(line.message));
    if (message !== undefined) store.handle({ type: 'message', message });
  } else void commit(line.id, line.token, line.bytes);
}

async function commit(id: number, token: string, bytes: number): Promise<void> {
  const { current } = store.state;
  const padding = `    <!-- ${'x'.repeat(bytes)} -->\n`;
  const document = `<cib epoch="1" validate-with="pacemaker-3.9">\n  <configuration id="${token}">\n${padding}  </configuration>\n</cib>\n`;
  const candidate: Candidate = {
    document,
    parent: current?.entry.digest ?? '',
    who: 'root',
    when: new Date().toISOString(),
    tool: 'test',
  };
  const result = await store.commit(candidate);
  if (result.ok) say({ what: 'answer', id, token, where: result.value.where, digest: result.value.digest });
  else say({ what: 'refused', id, token, code: result.problem.code });
}

/** Dies before a step, so that the one before it is the last that happened. */
function dyingFiles(dieAt: number): FileOperations {
  if (dieAt === 0) return realFileOperations;
  let steps = 0;
  const dying =
    <Arguments extends readonly unknown[], Value>(operation: (...given: Arguments) => Promise<Value>) =>
    (...given: Arguments): Promise<Value> => {
      steps += 1;
      if (steps === dieAt) process.kill(process.pid, 'SIGKILL');
      return operation(...given);
    };
  return {
    read: realFileOperations.read,
    writeSynced: dying(realFileOperations.writeSynced),
    rename: dying(realFileOperations.rename),
    remove: dying(realFileOperations.remove),
    syncDirectory: dying(realFileOperations.syncDirectory),
  };
}

function say(line: ChildLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function packed(message: StoreMessage): PackedMessage {
  return toMessage(message).fields.map(({ name, value }) =>
    typeof value === 'string' ? [name, value] : [name, Buffer.from(value).toString('base64'), 'bytes'],
  );
}

function unpacked(fields: PackedMessage): Message {
  return {
    fields: fields.map(([name = '', value = '', kind]) => ({
      name,
      value: kind === 'bytes' ? new Uint8Array(Buffer.from(value, 'base64')) : value,
    })),
  };
}
