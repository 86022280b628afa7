/** `pairbeat attributes`: what each node says of itself, for scripts and for people. */
import type { Command } from 'commander';
import { ask } from '../../client/connection.ts';
import type { StatusReport } from '../../protocol/status.ts';
import { fail, succeed } from '../report.ts';
import { type Cell, table } from '../text.ts';
import { type CommonOptions, directoriesOf, invocationOf, type Session, withCommonOptions } from './command.ts';

export function addAttributes(program: Command, session: Session): void {
  const command = program
    .command('attributes')
    .description('the attributes of both nodes, such as those that pingd keeps');
  withCommonOptions(command).action(async (options: CommonOptions) => {
    const invocation = invocationOf(session, 'attributes', options);
    const answer = await ask(directoriesOf(session, options).runDir, 'status', {});
    if (!answer.ok) return session.finish(fail(invocation, answer.problem));
    const attributes = attributesIn(answer.value);
    session.finish(succeed(invocation, { attributes }, () => attributesText(session, attributes)));
  });
}

interface NodeAttribute {
  readonly node: string;
  readonly name: string;
  readonly value: string;
}

/** Of a node that is not there nothing is known. */
function attributesIn({ nodes }: StatusReport): NodeAttribute[] {
  return nodes.flatMap(({ name: node, attributes = {} }) =>
    Object.entries(attributes).map(([name, value]) => ({ node, name, value })),
  );
}

function attributesText({ terminal }: Session, attributes: readonly NodeAttribute[]): string {
  if (attributes.length === 0) return 'No attributes: nothing in ha.cf keeps any (pingd does).\n';
  const head: Cell[] = ['Node', 'Attribute', 'Value'].map((text) => ({ text, tone: 'quiet' as const }));
  const rows = attributes.map(({ node, name, value }): Cell[] => [{ text: node }, { text: name }, { text: value }]);
  return table(terminal, [head, ...rows]);
}
