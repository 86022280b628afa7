/**
 * `hb_setweight`, `hb_setsite`, `hb_addnode`, `hb_delnode`, whether they come from the tools or through the FIFO. A pair
 * has two nodes and keeps them: adding a third is refused with the reason, removing is possible only for a peer that is
 * dead, and takes away what was remembered of it.
 */
import type { NodeCommand } from '../core/events.ts';
import { failure, type Problem, type Result, success } from '../core/result.ts';
import { messageOf } from '../core/transport/message.ts';
import type { Log } from '../ports/log.ts';
import type { CommandProgress } from './driver.ts';
import { type HostCache, isWeight, sitePattern } from './host-cache.ts';

export interface AdministrationOptions {
  readonly self: string;
  readonly peer: string;
  /** Word of cl_status nodestatus for the peer. */
  readonly peerStatus: () => string;
  readonly hostCache: HostCache;
  readonly command: (command: NodeCommand, who: string) => CommandProgress;
  readonly log: Log;
}

export interface Administration {
  setNode(change: NodeChange, who: string): Promise<Result<void>>;
  addNodes(nodes: readonly string[]): Result<void>;
  deleteNodes(nodes: readonly string[], who: string): Result<void>;
}

/** As written by a person; one of weight and site. */
export interface NodeChange {
  readonly node: string;
  readonly weight?: string;
  readonly site?: string;
}

export function createAdministration(options: AdministrationOptions): Administration {
  const { self, peer, hostCache, log } = options;

  function unknown(node: string): Problem {
    return { code: 'node-unknown', fields: { node, nodes: `${self} ${peer}` } };
  }

  function whyNotDeleted(node: string): Problem | undefined {
    if (node === self) return { code: 'node-is-self', fields: { node } };
    if (node !== peer) return unknown(node);
    const status = options.peerStatus();
    return status === 'dead' ? undefined : { code: 'node-is-alive', fields: { node, status } };
  }

  return {
    async setNode({ node, weight, site }, who) {
      const name = node.toLowerCase();
      if (name !== self && name !== peer) return { ok: false, problem: unknown(node) };
      if (weight !== undefined && !isWeight(weight)) return failure('weight-invalid', { weight });
      if (site !== undefined && !sitePattern.test(site)) return failure('site-invalid', { site });
      const message =
        weight === undefined
          ? messageOf('setsite', { node: name, site: site ?? '' })
          : messageOf('setweight', { node: name, weight });
      const refused = await options.command({ verb: 'say', message }, who).accepted;
      if (refused !== undefined) return { ok: false, problem: refused };
      const place = hostCache.placeOf(name);
      log.write('notice', { code: 'node-changed', fields: { node: name, ...place } });
      return success(undefined);
    },
    addNodes(nodes) {
      const names = nodes.map((node) => node.toLowerCase());
      const third = names.find((node) => node !== self && node !== peer);
      if (third !== undefined) return failure('third-node', { node: third, self, peer });
      return failure('node-known-already', { node: names[0] ?? '' });
    },
    deleteNodes(nodes, who) {
      const names = nodes.map((node) => node.toLowerCase());
      for (const node of names) {
        const problem = whyNotDeleted(node);
        if (problem !== undefined) return { ok: false, problem };
      }
      for (const node of names) {
        hostCache.remove(node);
        log.write('warning', { code: 'node-removed', fields: { node, who } });
      }
      return success(undefined);
    },
  };
}
