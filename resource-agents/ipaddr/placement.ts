/**
 * Where a requested address goes: device, netmask, broadcast, label. What was not written is taken from the connected
 * route that contains the address (longest prefix, then lowest metric), as Heartbeat's findif did. Pure.
 */
import { failure, type Result, success } from '../../src/core/result.ts';
import type { NetworkAddress, NetworkLink, NetworkRoute } from '../context.ts';
import { broadcastOf, isInSubnet, textOfAddress } from './address-text.ts';
import type { AddressRequest } from './parameters.ts';

export interface Placement {
  readonly link: NetworkLink;
  readonly address: NetworkAddress;
}

const maximumLabel = 15;

export function place(
  request: AddressRequest,
  links: readonly NetworkLink[],
  routes: readonly NetworkRoute[],
): Result<Placement> {
  const ip = textOfAddress(request.address);
  const named = links.find((link) => link.name === request.nic);
  if (request.nic !== undefined && named === undefined) return failure('nic-missing', { nic: request.nic, ip });
  const route = matchingRoute(request, routes, named?.index);
  const link = named ?? links.find((other) => other.index === route?.index);
  if (link === undefined) return failure('nic-not-found-by-route', { ip });
  const prefixLength = request.prefixLength ?? (route?.viaGateway === false ? route.prefixLength : undefined);
  if (prefixLength === undefined) return failure('netmask-not-found-by-route', { ip, nic: link.name });
  const label = request.label === undefined ? undefined : `${link.name}:${request.label}`;
  if (label !== undefined && label.length > maximumLabel) return failure('label-invalid', { label });
  const broadcast =
    request.broadcast ?? (request.family === 'ipv4' ? broadcastOf(request.address, prefixLength) : undefined);
  return success({
    link,
    address: {
      index: link.index,
      family: request.family,
      address: request.address,
      prefixLength,
      secondary: false,
      ...(label === undefined ? {} : { label }),
      ...(broadcast === undefined ? {} : { broadcast }),
    },
  });
}

/** With a written netmask a route through a gateway may name the device too; without one only a connected route can. */
function matchingRoute(
  request: AddressRequest,
  routes: readonly NetworkRoute[],
  index: number | undefined,
): NetworkRoute | undefined {
  return routes
    .filter((route) => index === undefined || route.index === index)
    .filter((route) => !route.viaGateway || request.prefixLength !== undefined)
    .filter(
      (route) => route.family === request.family && isInSubnet(request.address, route.destination, route.prefixLength),
    )
    .filter((route) => route.prefixLength > 0 || request.prefixLength !== undefined)
    .toSorted((left, right) => right.prefixLength - left.prefixLength || left.metric - right.metric)[0];
}
