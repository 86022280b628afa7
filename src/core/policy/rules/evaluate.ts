/** Whether a rule holds (Pacemaker Explained, "Rules"): all of its expressions, or any of them with `boolean-op="or"`. */
import type { OperationExpression, ResourceExpression, Rule, RuleExpression } from '../../cib/model.ts';
import { parseDurationMs } from '../../cib/values.ts';
import { attributeExpressionHolds } from './attribute.ts';
import type { RuleContext } from './context.ts';
import { dateExpressionHolds } from './date.ts';
import { referredRule } from './references.ts';

export type { RuleContext } from './context.ts';

/** A rule without expressions, or a reference to a rule that does not exist, decides nothing: an "and" of nothing holds. */
export function evaluateRule(rule: Rule, context: RuleContext): boolean {
  const meant = referredRule(context.cib, rule);
  if (meant === undefined) return false;
  const any = meant.booleanOp?.toLowerCase() === 'or';
  for (const expression of meant.expressions) {
    if (expressionHolds(expression, context) === any) return any;
  }
  return !any;
}

function expressionHolds(expression: RuleExpression, context: RuleContext): boolean {
  switch (expression.kind) {
    case 'rule':
      return evaluateRule(expression, context);
    case 'attribute':
      return attributeExpressionHolds(expression, context);
    case 'date':
      return dateExpressionHolds(expression, context);
    case 'resource':
      return resourceMatches(expression, context.agent);
    case 'operation':
      return operationMatches(expression, context.operation);
  }
}

function resourceMatches(expression: ResourceExpression, agent: RuleContext['agent']): boolean {
  if (agent === undefined) return false;
  return (
    (expression.class === undefined || expression.class === agent.class) &&
    (expression.provider === undefined || expression.provider === agent.provider) &&
    (expression.type === undefined || expression.type === agent.type)
  );
}

function operationMatches(expression: OperationExpression, operation: RuleContext['operation']): boolean {
  if (operation === undefined || expression.name !== operation.name) return false;
  return expression.interval === undefined || parseDurationMs(expression.interval) === operation.intervalMs;
}
