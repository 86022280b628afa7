/** The meta-data XML of an agent (OCF Resource Agent API 1.1), generated from its description. */
import type { AgentDescription, AgentParameter } from './context.ts';

export function metaData(description: AgentDescription): string {
  const { name, version, summary, parameters, actions } = description;
  return [
    '<?xml version="1.0"?>',
    `<resource-agent name="${escaped(name)}" version="${escaped(version)}">`,
    '  <version>1.1</version>',
    `  <longdesc lang="en">${escaped(description.description)}</longdesc>`,
    `  <shortdesc lang="en">${escaped(summary)}</shortdesc>`,
    '  <parameters>',
    ...parameters.flatMap(parameterLines),
    '  </parameters>',
    '  <actions>',
    ...actions.map(actionLine),
    '  </actions>',
    '</resource-agent>',
    '',
  ].join('\n');
}

function parameterLines(parameter: AgentParameter): string[] {
  const flags = `unique="${Number(parameter.unique)}" required="${Number(parameter.required)}"`;
  const fallback = parameter.default === undefined ? '' : ` default="${escaped(parameter.default)}"`;
  return [
    `    <parameter name="${escaped(parameter.name)}" ${flags}>`,
    `      <longdesc lang="en">${escaped(parameter.description)}</longdesc>`,
    `      <shortdesc lang="en">${escaped(parameter.summary)}</shortdesc>`,
    `      <content type="${parameter.type}"${fallback}/>`,
    '    </parameter>',
  ];
}

function actionLine({ name, timeoutSeconds, intervalSeconds }: AgentDescription['actions'][number]): string {
  const interval = intervalSeconds === undefined ? '' : ` interval="${intervalSeconds}s"`;
  return `    <action name="${escaped(name)}" timeout="${timeoutSeconds}s"${interval}/>`;
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
