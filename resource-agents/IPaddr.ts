/**
 * The service address: an IPv4 or IPv6 address that moves between the nodes. Also known as IPaddr2 and IPv6addr.
 *
 * Start, on a takeover: one probe leaves ("who has it?"), the address is configured and announced at once, and the
 * answers are listened to for a fifth of a second afterwards. Waiting first would add the wait to every outage, while
 * the likely former owner is dead; an answer is reported as an alarm, since two machines then use the address.
 * Start, when nobody waits for it (`careful`: cold start): answers are awaited first, and one refuses the start,
 * naming the hardware address that uses it. `conflict_check off` does neither.
 *
 * Announcements go out at once, and again after 0.2 and 1 s, since the first may be lost; the answer does not wait.
 * Starting what runs and stopping what is stopped succeed.
 */
import { type Problem, type Result, success } from '../src/core/result.ts';
import {
  type AgentAnswer,
  type AgentContext,
  type NetworkAddress,
  type NetworkLink,
  type OwnAgent,
  ocf,
} from './context.ts';
import { isInSubnet, textOfAddress } from './ipaddr/address-text.ts';
import { ipaddrDescription } from './ipaddr/description.ts';
import { type AddressRequest, parametersFromArguments, requestFromParameters } from './ipaddr/parameters.ts';
import { type Placement, place } from './ipaddr/placement.ts';
import { reasonFor } from './ipaddr/reasons.ts';

/** RFC 5227 announces twice, two seconds apart; a takeover wants its second chance sooner. */
const announceAgainMs = [200, 1000];
const carefulWaitMs = 100;
const watchAfterStartMs = 200;
const lookEveryMs = 10;

export const IPaddr: OwnAgent = {
  description: ipaddrDescription,
  parametersFromArguments,
  validate(parameters) {
    const request = requestFromParameters(parameters);
    return request.ok ? success(undefined) : request;
  },
  explain: reasonFor,
  start,
  stop,
  monitor,
  announce,
};

async function start(context: AgentContext): Promise<AgentAnswer> {
  const found = await findPlacement(context);
  if (!found.ok) return refusal(found.problem);
  const { request, placement, held, links } = found.value;
  const { link, address } = placement;
  const here = held.find((other) => other.index === link.index);
  if (here === undefined && context.careful && context.conflictCheck) {
    const owner = await waitForOwner(context, link, address);
    if (owner !== undefined)
      return {
        ...refusal({ code: 'address-in-use', fields: { ...named(placement), hardware: owner } }),
        conflictWith: owner,
      };
  }
  // Without an answer in time the same probe is watched on after the address works.
  const watch =
    here === undefined && context.conflictCheck && !context.careful
      ? context.net.probe(link, request.family, address.address)
      : undefined;
  const configured = await context.exclusive(() => configure(context, placement, links));
  if (!configured.ok) {
    watch?.close();
    return refusal(configured.problem);
  }
  const announced = await announceOnce(context, placement);
  for (const delayMs of announceAgainMs) context.background(delayMs, () => announceAgain(context, placement));
  if (watch !== undefined) context.background(watchAfterStartMs, () => reportConflict(context, placement, watch));
  return { exitCode: ocf.success, ...announced };
}

/** Removes the address from every device but the loopback, where load balancers keep one on purpose. */
async function stop(context: AgentContext): Promise<AgentAnswer> {
  const request = requestToRelease(context.parameters);
  if (!request.ok) return refusal(request.problem);
  return context.exclusive(() => remove(context, request.value));
}

/** Only the address counts: a netmask or a device written wrongly does not keep it from being taken away. */
function requestToRelease(parameters: AgentContext['parameters']): Result<AddressRequest> {
  const request = requestFromParameters(parameters);
  return request.ok ? request : requestFromParameters({ ip: parameters['ip'] ?? '' });
}

async function remove(context: AgentContext, request: AddressRequest): Promise<AgentAnswer> {
  const links = await context.net.links();
  if (!links.ok) return refusal(links.problem);
  const addresses = await context.net.addresses();
  if (!addresses.ok) return refusal(addresses.problem);
  for (const address of heldAddresses(request, links.value, addresses.value)) {
    const deleted = await deleteKeepingOthers(context, address, addresses.value);
    if (!deleted.ok) return refusal(deleted.problem);
  }
  return { exitCode: ocf.success };
}

async function monitor(context: AgentContext): Promise<AgentAnswer> {
  const request = requestFromParameters(context.parameters);
  if (!request.ok) return refusal(request.problem);
  const links = await context.net.links();
  if (!links.ok) return refusal(links.problem);
  const addresses = await context.net.addresses();
  if (!addresses.ok) return refusal(addresses.problem);
  const held = heldAddresses(request.value, links.value, addresses.value);
  return { exitCode: held.length > 0 ? ocf.success : ocf.notRunning };
}

async function announce(context: AgentContext): Promise<AgentAnswer> {
  const found = await findPlacement(context);
  if (!found.ok) return refusal(found.problem);
  const { placement, held } = found.value;
  if (held.length === 0) return { exitCode: ocf.notRunning, reason: 'the address is not configured here' };
  return { exitCode: ocf.success, ...(await announceOnce(context, placement)) };
}

interface Found {
  readonly request: AddressRequest;
  readonly placement: Placement;
  /** The same address, as it is configured now. */
  readonly held: readonly NetworkAddress[];
  readonly links: readonly NetworkLink[];
}

async function findPlacement(context: AgentContext): Promise<Result<Found>> {
  const request = requestFromParameters(context.parameters);
  if (!request.ok) return request;
  const links = await context.net.links();
  if (!links.ok) return links;
  const addresses = await context.net.addresses();
  if (!addresses.ok) return addresses;
  const held = heldAddresses(request.value, links.value, addresses.value);
  // Once it is configured without a written device, it stays where it is.
  const heldLink =
    request.value.nic === undefined ? links.value.find((link) => link.index === held[0]?.index) : undefined;
  if (heldLink !== undefined && held[0] !== undefined) {
    const placement = { link: heldLink, address: held[0] };
    return success({ request: request.value, placement, held, links: links.value });
  }
  const routes = await context.net.routes(request.value.family);
  if (!routes.ok) return routes;
  const placement = place(request.value, links.value, routes.value);
  if (!placement.ok) return placement;
  return success({ request: request.value, placement: placement.value, held, links: links.value });
}

function heldAddresses(
  request: Pick<AddressRequest, 'address' | 'nic'>,
  links: readonly NetworkLink[],
  addresses: readonly NetworkAddress[],
): NetworkAddress[] {
  const loopbacks = new Set(
    links.filter((link) => link.loopback && link.name !== request.nic).map((link) => link.index),
  );
  return addresses.filter((address) => !loopbacks.has(address.index) && sameAddress(address, request));
}

/** Looks again: others may have changed addresses since the place was found. */
async function configure(
  context: AgentContext,
  { link, address }: Placement,
  links: readonly NetworkLink[],
): Promise<Result<void>> {
  const addresses = await context.net.addresses();
  if (!addresses.ok) return addresses;
  const held = heldAddresses({ ...address, nic: link.name }, links, addresses.value);
  // The written device wins: an address on two devices answers from the wrong one.
  for (const other of held.filter((one) => one.index !== link.index)) {
    const deleted = await deleteKeepingOthers(context, other, addresses.value);
    if (!deleted.ok) return deleted;
  }
  if (!link.up) {
    const up = await context.net.setLinkUp(link);
    if (!up.ok) return up;
  }
  if (held.some((other) => other.index === link.index)) return success(undefined);
  const added = await context.net.addAddress(address);
  return added.ok ? success(undefined) : added;
}

/**
 * The kernel drops the other addresses of a subnet with its first one (unless promote_secondaries is set), and among
 * them may be the address of another group: those are configured again.
 */
async function deleteKeepingOthers(
  context: AgentContext,
  address: NetworkAddress,
  before: readonly NetworkAddress[],
): Promise<Result<'deleted' | 'absent'>> {
  const deleted = await context.net.deleteAddress(address);
  const followers = before.filter((other) => followsIn(other, address));
  if (!deleted.ok || deleted.value === 'absent' || address.secondary || followers.length === 0) return deleted;
  const after = await context.net.addresses();
  if (!after.ok) return after;
  for (const follower of followers) {
    if (after.value.some((other) => other.index === follower.index && sameAddress(other, follower))) continue;
    const again = await context.net.addAddress(follower);
    // This address is gone as asked; that the other one is gone too is another group's trouble, and an alarm.
    if (!again.ok) context.log('error', { code: 'address-lost', fields: { ip: textOfAddress(follower.address) } });
  }
  return deleted;
}

function followsIn(other: NetworkAddress, first: NetworkAddress): boolean {
  return (
    other.secondary &&
    other.index === first.index &&
    other.prefixLength === first.prefixLength &&
    isInSubnet(other.address, first.address, first.prefixLength)
  );
}

async function announceOnce(context: AgentContext, placement: Placement): Promise<{ announcedUs?: number }> {
  const sent = await context.net.announce(placement.link, placement.address.family, placement.address.address);
  if (sent.ok) return { announcedUs: context.nowUs() };
  // The address works; stale neighbours find it when their caches expire.
  context.log('warning', sent.problem);
  return {};
}

async function announceAgain(context: AgentContext, placement: Placement): Promise<void> {
  await announceOnce(context, placement);
}

async function waitForOwner(
  context: AgentContext,
  link: NetworkLink,
  address: NetworkAddress,
): Promise<string | undefined> {
  const watch = context.net.probe(link, address.family, address.address);
  if (watch === undefined) return undefined;
  for (let waitedMs = 0; waitedMs < carefulWaitMs; waitedMs += lookEveryMs) {
    await context.sleep(lookEveryMs);
    if (watch.answeredBy() !== undefined) break;
  }
  const owner = watch.answeredBy();
  watch.close();
  return owner;
}

function reportConflict(
  context: AgentContext,
  placement: Placement,
  watch: { answeredBy(): string | undefined; close(): void },
): void {
  const owner = watch.answeredBy();
  watch.close();
  if (owner === undefined) return;
  context.log('error', { code: 'address-conflict', fields: { ...named(placement), hardware: owner } });
  context.conflict(owner);
}

function named({ link, address }: Placement): { readonly ip: string; readonly nic: string } {
  return { ip: textOfAddress(address.address), nic: link.name };
}

function sameAddress(left: { readonly address: Uint8Array }, right: { readonly address: Uint8Array }): boolean {
  return (
    left.address.length === right.address.length && left.address.every((byte, index) => byte === right.address[index])
  );
}

function refusal(problem: Problem): AgentAnswer {
  const exitCode = exitCodes[problem.code] ?? ocf.generic;
  return { exitCode, reason: reasonFor(problem) };
}

/** OCF API 1.1: 6 is wrong everywhere, 5 and 2 are wrong on this node. */
const exitCodes: Readonly<Record<string, (typeof ocf)[keyof typeof ocf]>> = {
  'address-missing': ocf.configured,
  'address-invalid': ocf.configured,
  'address-argument-invalid': ocf.configured,
  'netmask-invalid': ocf.configured,
  'broadcast-invalid': ocf.configured,
  'nic-invalid': ocf.configured,
  'label-invalid': ocf.configured,
  'nic-missing': ocf.installed,
};
