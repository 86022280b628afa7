/** The two forms of everything that `crm_simulate` says: Pacemaker's text and Pacemaker's XML. */
import type { RawElement } from '../../core/cib/model.ts';
import { writeXml } from '../../core/cib/xml/write.ts';
import type { ActionEntry, TransitionEntry } from '../../core/policy/simulate/answer.ts';
import type { Cluster } from '../../core/policy/working-set.ts';
import { detailElements, failcountsIn, type ScoreLine, writeDetails } from './details.ts';
import { element } from './element.ts';
import { hasModifications, modificationsElement, writeModifications } from './modifications.ts';
import type { CrmSimulateOptions } from './options.ts';
import { Outline } from './outline.ts';
import { countsText, writeStatus } from './status-text.ts';
import { statusView } from './status-view.ts';
import { statusElement } from './status-xml.ts';
import { stepText, writeActions } from './summary-text.ts';
import { actionsElement, stepElement } from './summary-xml.ts';

export interface Findings {
  /** As it is, before the changes asked for; read from the CIB and not decided on. */
  readonly before: Cluster;
  readonly scores: readonly ScoreLine[];
  readonly actions: readonly ActionEntry[];
  readonly transition: readonly TransitionEntry[];
  readonly failed: readonly { readonly id: number; readonly rc: number }[];
  readonly after: Cluster;
  /** Words of errors that the exit code stands for. */
  readonly errors: readonly string[];
}

export function textOf(options: CrmSimulateOptions, findings: Findings): string {
  const terse = options.show.scores || options.show.utilization;
  const outline = new Outline(terse);
  const view = statusView(findings.before);
  const time = timeText(options, findings);
  if (options.quiet) return findings.scores.map(({ text }) => `${text}\n`).join('');
  outline.list('Current cluster status', () => {
    writeStatus(outline, view);
    writeDetails(outline, options.show, view, options.show.failcounts ? failcountsIn(findings.before) : []);
  });
  if (hasModifications(options)) {
    outline.blank();
    writeModifications(outline, options);
  }
  const status = `${time}${terse ? '' : countsText(view)}${outline.text()}`;
  return options.task === 'show' ? status : `${status}${decisionText(options, findings, time)}`;
}

/** Which time counts as now, where it is not the clock's. */
function timeText({ now }: CrmSimulateOptions, { before: { cib } }: Findings): string {
  if (now !== undefined) return `Setting effective cluster time: ${now}\n`;
  const recordedS = Number(cib.attributes['execution-date'] ?? '0');
  if (!(recordedS > 0)) return '';
  const date = new Date(recordedS * 1000).toISOString().slice(0, 19).replace('T', ' ');
  return `Using the original execution date of: ${date}Z\n`;
}

function decisionText(options: CrmSimulateOptions, findings: Findings, time: string): string {
  const terse = options.show.scores || options.show.utilization;
  const outline = new Outline(terse);
  outline.blank();
  if (terse) {
    for (const { text } of findings.scores) outline.item(text);
    outline.blank();
  }
  outline.list('Transition Summary', () => writeActions(outline, findings.actions));
  if (options.task === 'run') return outline.text();
  outline.blank();
  outline.list('Executing Cluster Transition', () => {
    for (const entry of findings.transition) outline.item(stepText(entry));
  });
  const failures = findings.failed.map(({ id, rc }) => `Pretending action ${id} failed with rc=${rc}\n`);
  const revised = new Outline(terse);
  const view = statusView(findings.after);
  revised.blank();
  revised.list('Revised Cluster Status', () => {
    writeStatus(revised, view);
    writeDetails(revised, options.show, view, options.show.failcounts ? failcountsIn(findings.after) : []);
  });
  return `${outline.text()}${failures.join('')}${time}${revised.text()}`;
}

export function xmlOf(options: CrmSimulateOptions, findings: Findings, request: string, code: number): string {
  const children: RawElement[] = [];
  if (!options.quiet) children.push(statusOf('cluster_status', options, findings.before));
  if (!options.quiet && hasModifications(options)) children.push(modificationsElement(options));
  if (options.show.scores || options.show.utilization)
    children.push(
      element(
        'allocations_utilizations',
        {},
        findings.scores.map((line) => line.element),
      ),
    );
  if (options.task !== 'show' && !options.quiet) children.push(actionsElement(findings.actions));
  if (options.task === 'simulate' && !options.quiet) {
    children.push(element('transition', {}, findings.transition.map(stepElement)));
    children.push(statusOf('revised_cluster_status', options, findings.after));
  }
  return resultXml(request, children, code, findings.errors);
}

function statusOf(name: string, { show }: CrmSimulateOptions, cluster: Cluster): RawElement {
  const view = statusView(cluster);
  return statusElement(name, view, detailElements(show, view, show.failcounts ? failcountsIn(cluster) : []));
}

export function resultXml(
  request: string,
  children: readonly RawElement[],
  code: number,
  errors: readonly string[],
): string {
  const list = errors.map((text) => ({ name: 'error', attributes: {}, children: [], text }));
  const words = code === 0 ? 'OK' : 'Error occurred';
  const status = element('status', { code, message: words }, list.length === 0 ? [] : [element('errors', {}, list)]);
  return writeXml(element('pacemaker-result', { 'api-version': '2.25', request }, [...children, status]));
}
