/** A machine's addresses in memory, with the kernel's habit of dropping secondary addresses together with their first. */
import type {
  AgentContext,
  NetworkAddress,
  NetworkLink,
  NetworkRoute,
  NetworkTools,
} from '../../resource-agents/context.ts';
import { isInSubnet, textOfAddress } from '../../resource-agents/ipaddr/address-text.ts';
import { failure, type Problem, success } from '../../src/core/result.ts';

export interface FakeNetwork {
  readonly net: NetworkTools;
  readonly addresses: NetworkAddress[];
  /** What was done, in words: `add 10.0.0.5/24 eth0`, `announce 10.0.0.5 eth0`, `probe ...`. */
  readonly deeds: string[];
  /** Hardware address that answers for an address. */
  readonly owners: Map<string, string>;
  /** Refuses the next change with this problem. */
  refuse(code: string): void;
}

export function fakeNetwork(
  links: readonly NetworkLink[],
  routes: readonly NetworkRoute[],
  initial: readonly NetworkAddress[] = [],
): FakeNetwork {
  const addresses = [...initial];
  const deeds: string[] = [];
  const owners = new Map<string, string>();
  let refusal: string | undefined;
  const nameOf = (index: number): string => links.find((link) => link.index === index)?.name ?? `#${index}`;
  const same = (left: NetworkAddress, right: NetworkAddress): boolean =>
    left.index === right.index && textOfAddress(left.address) === textOfAddress(right.address);
  const refused = () => {
    const code = refusal;
    refusal = undefined;
    return code === undefined ? undefined : failure(code, { what: 'do it', reason: 'EPERM' });
  };
  const net: NetworkTools = {
    links: () => success(links),
    addresses: () => success([...addresses]),
    routes: (family) => success(routes.filter((route) => route.family === family)),
    addAddress(address) {
      const no = refused();
      if (no !== undefined) return no;
      if (addresses.some((other) => same(other, address))) return success('present');
      deeds.push(`add ${textOfAddress(address.address)}/${address.prefixLength} ${nameOf(address.index)}`);
      addresses.push({
        ...address,
        secondary: address.family === 'ipv4' && addresses.some((other) => sharesSubnet(other, address)),
      });
      return success('added');
    },
    deleteAddress(address) {
      const no = refused();
      if (no !== undefined) return no;
      const found = addresses.find((other) => same(other, address));
      if (found === undefined) return success('absent');
      deeds.push(`delete ${textOfAddress(address.address)} ${nameOf(address.index)}`);
      const gone = addresses.filter(
        (other) => other === found || (!found.secondary && other.secondary && sharesSubnet(other, found)),
      );
      for (const one of gone) addresses.splice(addresses.indexOf(one), 1);
      return success('deleted');
    },
    setLinkUp(link) {
      deeds.push(`up ${link.name}`);
      return success(undefined);
    },
    announce(link, _family, address) {
      deeds.push(`announce ${textOfAddress(address)} ${link.name}`);
      return success(undefined);
    },
    probe(link, _family, address) {
      deeds.push(`probe ${textOfAddress(address)} ${link.name}`);
      return { answeredBy: () => owners.get(textOfAddress(address)), close: () => undefined };
    },
  };
  return {
    net,
    addresses,
    deeds,
    owners,
    refuse(code) {
      refusal = code;
    },
  };
}

export interface FakeContext {
  readonly context: AgentContext;
  readonly background: { readonly delayMs: number; readonly task: () => void | Promise<void> }[];
  readonly conflicts: string[];
  readonly logged: Problem[];
  readonly slept: number[];
}

export function fakeContext(
  network: FakeNetwork,
  parameters: Record<string, string>,
  more: Partial<AgentContext> = {},
): FakeContext {
  const background: FakeContext['background'] = [];
  const conflicts: string[] = [];
  const logged: Problem[] = [];
  const slept: number[] = [];
  const context: AgentContext = {
    parameters,
    careful: false,
    conflictCheck: true,
    net: network.net,
    exclusive: (work) => work(),
    nowUs: () => 42,
    sleep: async (milliseconds) => void slept.push(milliseconds),
    background: (delayMs, task) => void background.push({ delayMs, task }),
    log: (_level, problem) => void logged.push(problem),
    conflict: (hardware) => void conflicts.push(hardware),
    ...more,
  };
  return { context, background, conflicts, logged, slept };
}

function sharesSubnet(left: NetworkAddress, right: NetworkAddress): boolean {
  return (
    left.index === right.index &&
    left.family === right.family &&
    left.prefixLength === right.prefixLength &&
    isInSubnet(left.address, right.address, right.prefixLength)
  );
}
