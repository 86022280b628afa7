import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { NodeCommand } from '../../src/core/events.ts';
import { failure, type Problem, success } from '../../src/core/result.ts';
import { createScriptMessages } from '../../src/daemon/script-messages.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function messages(problem?: Problem) {
  const commands: NodeCommand[] = [];
  const logged: Problem[] = [];
  let nowMs = 1000;
  const administration = {
    setNode: vi.fn(() => Promise.resolve(success(undefined))),
    addNodes: vi.fn(() => failure('third-node', { node: 'node3', self: 'node1', peer: 'node2' })),
    deleteNodes: vi.fn(() => success(undefined)),
  };
  const made = createScriptMessages({
    file: '/fifo',
    driver: {
      command: (command) => {
        commands.push(command);
        return { accepted: Promise.resolve(problem), finished: Promise.resolve(problem) };
      },
    },
    administration,
    log: { write: (_level, message) => void logged.push(message) },
    nowMs: () => nowMs,
  });
  const say = async (text: string): Promise<void> => {
    made.data(Buffer.from(text));
    await vi.advanceTimersByTimeAsync(0);
  };
  const pass = (durationMs: number): void => {
    nowMs += durationMs;
  };
  return { say, pass, commands, logged, administration };
}

describe('what scripts write into the FIFO', () => {
  it('by hand as hb_standby does, is a command', async () => {
    const { say, commands, logged } = messages();
    await say('>>>\nt=ask_resources\nrsc_hold=all\ninfo=me\n<<<\n');
    expect(commands).toEqual([{ verb: 'standby', scope: 'all' }]);
    expect(logged).toEqual([]);
  });

  it('is refused in the log, in the words of the command', async () => {
    const { say, logged } = messages(failure('peer-not-there', { peer: 'node2' }).problem);
    await say('>>>\nt=hb_takeover\nrsc_hold=all\n<<<\n');
    expect(logged).toMatchObject([{ code: 'fifo-command-refused', fields: { verb: 'takeover' } }]);
    expect(String(logged[0]?.fields['reason'])).toContain('node2 is dead');
  });

  it('about nodes goes to their administration', async () => {
    const { say, administration, logged } = messages();
    await say('>>>\nt=setweight\nnode=node2\nweight=5\n<<<\n>>>\nt=delnode\nnodelist=node2 \n<<<\n');
    expect(administration.setNode).toHaveBeenCalledWith(
      expect.objectContaining({ node: 'node2', weight: '5' }),
      expect.anything(),
    );
    expect(administration.deleteNodes).toHaveBeenCalledWith(['node2'], expect.anything());
    await say('>>>\nt=addnode\nnodelist=node3\n<<<\n');
    expect(logged).toMatchObject([{ code: 'fifo-command-refused', fields: { verb: 'addNode' } }]);
  });

  it('to forge the protocol, or badly, reaches nobody', async () => {
    const { say, commands, logged } = messages();
    await say('>>>\nt=status\nst=dead\n<<<\n>>>\nt=shutdone\n<<<\nnonsense\n');
    expect(commands).toEqual([]);
    expect(logged.map(({ code }) => code)).toEqual([
      'script-message-refused',
      'script-message-refused',
      'fifo-text-refused',
    ]);
  });

  it('and never ends is given up after five seconds', async () => {
    const { say, logged, commands } = messages();
    await say('>>>\nt=hel');
    await vi.advanceTimersByTimeAsync(4999);
    expect(logged).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(logged).toMatchObject([{ code: 'fifo-text-refused', fields: { reason: 'silent' } }]);
    await say('>>>\nt=hello\n<<<\n');
    expect(commands).toHaveLength(1);
  });

  it('in a flood is dropped beyond fifty a second, and counted', async () => {
    const { say, pass, commands, logged } = messages();
    await say('>>>\nt=hello\n<<<\n'.repeat(70));
    expect(commands).toHaveLength(50);
    pass(1000);
    await say('>>>\nt=hello\n<<<\n');
    expect(commands).toHaveLength(51);
    expect(logged).toMatchObject([{ code: 'fifo-flood', fields: { dropped: 20 } }]);
  });
});
