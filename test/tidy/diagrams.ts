/** Draws a machine of the core as a mermaid state diagram, from the machine itself, so that the picture cannot lie. */
import type { AnyStateMachine, AnyStateNode } from 'xstate';

export function diagramOf(machine: AnyStateMachine, title: string): string {
  const states = Object.values(machine.root.states) as AnyStateNode[];
  const lines = [`  [*] --> ${String(machine.root.initial.target?.[0]?.key)}`];
  for (const state of states) {
    if (state.type === 'final') lines.push(`  ${state.key} --> [*]`);
    for (const [event, transitions] of state.transitions) {
      for (const transition of transitions) {
        const target = transition.target?.[0]?.key ?? state.key;
        const guard = guardName(transition.guard);
        const words = event === '' ? '' : event;
        lines.push(
          `  ${state.key} --> ${target} : ${[words, guard === undefined ? '' : `[${guard}]`].filter((word) => word !== '').join(' ') || 'at once'}`,
        );
      }
    }
    for (const transition of state.always ?? []) {
      const guard = guardName(transition.guard);
      lines.push(
        `  ${state.key} --> ${String(transition.target?.[0]?.key)} : ${guard === undefined ? 'else' : `[${guard}]`}`,
      );
    }
  }
  return `# ${title}\n\nDrawn from the machine by \`UPDATE_GOLDEN=1 npx vitest run test/tidy\`; do not edit.\n\n\`\`\`mermaid\nstateDiagram-v2\n${lines.join('\n')}\n\`\`\`\n`;
}

function guardName(guard: unknown): string | undefined {
  if (guard === undefined) return undefined;
  return typeof guard === 'string' ? guard : String((guard as { type?: unknown }).type);
}
