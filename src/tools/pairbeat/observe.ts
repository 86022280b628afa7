/** `pairbeat observe`: listens beside a running pair, of Heartbeat or Pairbeat nodes, and joins nothing. */
import type { Command } from 'commander';
import type { DatagramLink } from '../../core/config/configuration.ts';
import type { Result } from '../../core/result.ts';
import { failure } from '../../core/result.ts';
import { createObservation, type Observation } from '../observe/observation.ts';
import { observeText } from '../observe/observe-text.ts';
import { summarize } from '../observe/summary.ts';
import { fail, succeed } from '../report.ts';
import {
  type CommonOptions,
  directoriesOf,
  invocationOf,
  type LinkPlan,
  type Session,
  withCommonOptions,
} from './command.ts';
import { wholeNumber } from './timeline.ts';

export function addObserve(program: Command, session: Session): void {
  const command = program
    .command('observe')
    .description('listen beside a running pair: jitter, losses, weak keys, the smallest safe deadtime')
    .option('--seconds <n>', 'how long to listen (Ctrl-C ends it earlier)', wholeNumber(1, 86_400), 30);
  withCommonOptions(command).action(async (options: CommonOptions & { readonly seconds: number }) => {
    const invocation = invocationOf(session, 'observe', options);
    const { terminal, services } = session;
    const { haDir } = directoriesOf(session, options);
    const plan = await services.loadLinks(haDir);
    if (!plan.ok) return session.finish(fail(invocation, plan.problem));
    if (visible(plan.value).length === 0)
      return session.finish(fail(invocation, { code: 'observe-no-links', fields: { directory: haDir } }));
    const observation = createObservation(plan.value, services.hashes);
    const captures = await openCaptures(session, plan.value, observation);
    if (!captures.ok) return session.finish(fail(invocation, captures.problem));
    if (terminal.interactive && !invocation.json)
      terminal.error(`Listening for ${options.seconds} s on ${deviceNames(plan.value)} ...\n`);
    const seconds = await listen(options.seconds, terminal.interrupted);
    for (const capture of captures.value) capture.close();
    const report = summarize(observation, {
      seconds,
      captureDropped: captures.value.reduce((sum, capture) => sum + capture.droppedAtClose(), 0),
      canVerify: plan.value.authentication !== undefined,
      weaknesses: plan.value.authentication?.weaknesses ?? [],
    });
    session.finish(succeed(invocation, { observation: report }, () => observeText(terminal, report)));
  });
}

interface OpenCapture {
  close(): void;
  droppedAtClose(): number;
}

/** One capture for each device and port, however many links share them. */
async function openCaptures(
  session: Session,
  plan: LinkPlan,
  observation: Observation,
): Promise<Result<readonly OpenCapture[]>> {
  const wanted = new Map(visible(plan).map(({ device, port }) => [`${device} ${port}`, { device, port }]));
  const open: OpenCapture[] = [];
  for (const { device, port } of wanted.values()) {
    const capture = await session.services.capture(device, port, (datagram) => observation.see(datagram));
    if (!capture.ok) {
      for (const other of open) other.close();
      return failure(capture.problem.code, { device, ...capture.problem.fields });
    }
    let dropped = 0;
    open.push({
      close() {
        dropped = capture.value.dropped();
        capture.value.close();
      },
      droppedAtClose: () => dropped,
    });
  }
  return { ok: true, value: open };
}

/** Only IPv4 can be listened to from beside; with any such link every message passes there too. */
function visible({ links }: LinkPlan): readonly DatagramLink[] {
  return links.filter(
    (link): link is DatagramLink => link.kind === 'bcast' || link.kind === 'mcast' || link.kind === 'ucast',
  );
}

function deviceNames(plan: LinkPlan): string {
  return [...new Set(visible(plan).map(({ device }) => device))].join(', ');
}

async function listen(seconds: number, interrupted: AbortSignal): Promise<number> {
  const began = performance.now();
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, seconds * 1000);
    interrupted.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
  return (performance.now() - began) / 1000;
}
