/** `pairbeat link-test`: how good is each link, in both directions? Beside the running pair, or without a daemon. */
import type { Command } from 'commander';
import { ask } from '../../client/connection.ts';
import type { Result } from '../../core/result.ts';
import { exitCodes } from '../../protocol/exit-codes.ts';
import type { LinkTestReport } from '../../protocol/link-test.ts';
import { fail, type Invocation, succeed } from '../report.ts';
import { type CommonOptions, directoriesOf, invocationOf, type Session, withCommonOptions } from './command.ts';
import { judgeLinks, linkTestText } from './link-test-text.ts';
import { wholeNumber } from './timeline.ts';

interface Options extends CommonOptions {
  readonly seconds: number;
  readonly port?: number;
}

const defaultSidePort = 6940;
const patienceMs = 60_000;

export function addLinkTest(program: Command, session: Session): void {
  const command = program
    .command('link-test')
    .description('probe every link in both directions: losses, delays, which would not carry the pair alone')
    .option('--seconds <n>', 'how long to probe', wholeNumber(1, 120), 10)
    .option('--port <n>', `UDP port of a test without a daemon (${defaultSidePort})`, wholeNumber(1, 65_535));
  withCommonOptions(command).action(async (options: Options) => {
    const invocation = invocationOf(session, 'link-test', options);
    const report = await run(session, invocation, options);
    if (!report.ok) return session.finish(fail(invocation, report.problem));
    const verdicts = judgeLinks(report.value);
    const code = verdicts.length > 0 && verdicts.every(({ carries }) => carries) ? exitCodes.ok : exitCodes.error;
    const text = (): string => linkTestText(session.terminal, report.value);
    session.finish(succeed(invocation, { linkTest: report.value, verdicts }, text, code));
  });
}

async function run(session: Session, invocation: Invocation, options: Options): Promise<Result<LinkTestReport>> {
  const { terminal, services } = session;
  const { runDir, haDir } = directoriesOf(session, options);
  const say = (text: string): void => {
    if (terminal.interactive && !invocation.json) terminal.error(`${text}\n`);
  };
  if (options.port === undefined) {
    say(`Probing for ${options.seconds} s beside the running pair; nothing moves ...`);
    const timeoutMs = options.seconds * 1000 + 10_000;
    const answer = await ask(runDir, 'linkTest', { seconds: options.seconds }, { timeoutMs });
    if (answer.ok || answer.problem.code !== 'daemon-not-running') return answer;
  }
  const port = options.port ?? defaultSidePort;
  say(`No daemon runs here: waiting for "pairbeat link-test" on the other node, UDP port ${port} ...`);
  const { seconds } = options;
  return services.testLinksAlone(haDir, { durationMs: seconds * 1000, port, patienceMs, signal: terminal.interrupted });
}
