/** Which own agent serves which resource type. Heartbeat's names for the address agent all mean the same one. */
import type { OwnAgent } from './context.ts';
import { IPaddr } from './IPaddr.ts';

const agents: Readonly<Record<string, OwnAgent>> = { IPaddr, IPaddr2: IPaddr, IPv6addr: IPaddr };

export function ownAgent(type: string): OwnAgent | undefined {
  return Object.hasOwn(agents, type) ? agents[type] : undefined;
}

export const ownAgentTypes: readonly string[] = Object.keys(agents);
