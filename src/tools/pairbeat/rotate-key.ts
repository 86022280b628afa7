/** `pairbeat rotate-key`: a new key for both nodes, without a moment in which one does not understand the other. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { exitCodes } from '../../protocol/exit-codes.ts';
import { type RotateOptions, rotate } from '../keys/rotate.ts';
import type { RotationStep } from '../keys/rotation.ts';
import { fail, succeed } from '../report.ts';
import { wrap } from '../text.ts';
import { type CommonOptions, directoriesOf, invocationOf, type Session, withCommonOptions } from './command.ts';
import { keygenMethods } from './keygen.ts';
import { wholeNumber } from './timeline.ts';

interface RotateKeyOptions extends CommonOptions {
  readonly method?: string;
  readonly to?: number;
  readonly new?: boolean;
  readonly step?: RotationStep | true;
  readonly dryRun?: boolean;
  readonly wait: number;
  readonly peerFile?: string;
}

export function addRotateKey(program: Command, session: Session): void {
  const command = program
    .command('rotate-key')
    .description('exchange the key of a running pair, step by step on both nodes')
    .addOption(
      new Option('--method <method>', 'of the new key (default: sha256, or as now if that is better)').choices([
        ...keygenMethods,
        'sha1',
      ]),
    )
    .option('--step [step]', 'one step only: whichever is due, or add, sign or remove if it is', stepName)
    .option('--dry-run', 'say what is next, change nothing')
    .option('--wait <seconds>', 'how long to wait for the other node', wholeNumber(0, 86_400), 60)
    .option('--peer-file <file>', 'write what the other node has to take over as authkeys')
    .option('--to <n>', 'number of the key that is to remain, where authkeys does not say', wholeNumber(0, 15))
    .option('--new', 'begin another exchange after one that is complete');
  withCommonOptions(command).action(async (options: RotateKeyOptions) => {
    const invocation = invocationOf(session, 'rotate-key', options);
    const { terminal } = session;
    const say = (text: string, commands: readonly string[] = []) => {
      if (invocation.json) return;
      terminal.out(wrap(text, terminal.columns, '   ', ''));
      // To be copied: never broken into lines.
      for (const line of commands) terminal.out(`     ${line}\n`);
    };
    const wanted: RotateOptions = {
      directories: directoriesOf(session, options),
      isNew: options.new === true,
      dryRun: options.dryRun === true,
      waitMs: options.wait * 1000,
      interrupted: terminal.interrupted,
      say,
      ...(options.method === undefined ? {} : { method: options.method }),
      ...(options.to === undefined ? {} : { to: options.to }),
      ...(options.step === undefined ? {} : { only: options.step === true ? 'any' : options.step }),
      ...(options.peerFile === undefined ? {} : { peerFile: options.peerFile }),
    };
    const rotated = await rotate(wanted);
    if (!rotated.ok) return session.finish(fail(invocation, rotated.problem));
    const { state } = rotated.value;
    const code = state === 'waiting' ? exitCodes['not-yet-in-effect'] : exitCodes.ok;
    const text = () =>
      state === 'waiting' && options.step === undefined
        ? wrap('Not complete yet: run this again when that is done.', terminal.columns, '   ', '')
        : '';
    session.finish(succeed(invocation, { rotation: rotated.value }, text, code));
  });
}

function stepName(text: string): RotationStep {
  if (text === 'add' || text === 'sign' || text === 'remove') return text;
  throw new InvalidArgumentError('It must be add, sign or remove.');
}
