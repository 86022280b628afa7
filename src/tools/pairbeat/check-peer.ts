/**
 * `pairbeat check --peer`: would the files here, as they are now, mean the same as what the other node runs with? Asked
 * of the running daemon, which has it from the other one; nothing is read over the network.
 */
import { ask } from '../../client/connection.ts';
import { differenceOf } from '../../core/configuration-difference.ts';
import { failure, type Result, success } from '../../core/result.ts';
import type { Directories } from '../../protocol/directories.ts';
import { exitCodes } from '../../protocol/exit-codes.ts';
import type { ConfigurationDifferenceReport } from '../../protocol/status.ts';
import { fail, type Invocation, succeed } from '../report.ts';
import type { PairbeatServices } from './command.ts';
import { differenceText } from './difference-text.ts';

interface Comparison {
  readonly node: string;
  readonly peer: string;
  readonly difference: ConfigurationDifferenceReport;
}

export async function checkPeer(
  invocation: Invocation,
  services: PairbeatServices,
  directories: Directories,
): Promise<number> {
  const compared = await compare(services, directories);
  if (!compared.ok) return fail(invocation, compared.problem);
  const { node, peer, difference } = compared.value;
  const isSame = difference.onlyHere.length + difference.onlyThere.length === 0;
  const text = () =>
    isSame
      ? `The files in ${directories.haDir} mean the same as what ${peer} runs with.\n`
      : `The files in ${directories.haDir} and what ${peer} runs with differ:\n${differenceText(invocation.terminal, { here: node, there: peer }, difference)}`;
  return succeed(invocation, { node, peer, isSame, difference }, text, isSame ? exitCodes.ok : exitCodes.digest);
}

/** Problem codes: those of the daemon's connection and of reading the files, peer-configuration-unknown. */
async function compare(services: PairbeatServices, { haDir, runDir }: Directories): Promise<Result<Comparison>> {
  const answer = await ask(runDir, 'configuration', {});
  if (!answer.ok) return answer;
  const { node, peer } = answer.value;
  if (peer?.meaning === undefined) return failure('peer-configuration-unknown', { node });
  const files = await services.loadLinks(haDir);
  if (!files.ok) return files;
  const { onlyHere, onlyThere } = differenceOf(files.value.meaning, peer.meaning);
  return success({ node, peer: peer.node, difference: { onlyHere, onlyThere, omitted: 0 } });
}
