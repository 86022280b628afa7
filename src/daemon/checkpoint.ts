/**
 * What a journal segment begins with: the node machine's state, from which a replay goes on, and a view of the transport,
 * without keys, for the reader.
 */
import type { Engine } from '../core/engine.ts';
import type { StepWriter } from '../core/recording/step-writer.ts';
import { transportView } from '../core/transport/view.ts';
import type { CheckpointContent } from '../io/journal/journal.ts';

export function checkpointOf({ node, transport }: Engine, steps: Pick<StepWriter, 'checkpoint'>): CheckpointContent {
  const { step, digest, node: dumped } = steps.checkpoint(node);
  return { state: { node: dumped, transport: transportView(transport) }, step, digest };
}
