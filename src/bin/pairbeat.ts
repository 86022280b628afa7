#!/usr/bin/env node
/** `pairbeat`: the umbrella, with what only the daemon's side and the kernel's can do. */
import { runCheck } from '../daemon/check-command.ts';
import { nodeHashes } from '../daemon/engine-factory.ts';
import { loadConfiguration } from '../daemon/load-configuration.ts';
import { productVersion } from '../daemon/version.ts';
import { openCapture } from '../io/capture/capture.ts';
import { runPairbeat } from '../tools/pairbeat/pairbeat.ts';
import { runAsProcess } from '../tools/terminal.ts';

await runAsProcess((argv, terminal) =>
  runPairbeat(argv, terminal, {
    version: productVersion,
    check: (options, write) => runCheck(options, write),
    async loadLinks(haDir) {
      const { configuration, findings } = await loadConfiguration({ haDir });
      if (configuration !== undefined) return { ok: true, value: configuration };
      return {
        ok: false,
        problem: {
          code: 'configuration-invalid',
          fields: { directory: haDir, errors: findings.filter(({ severity }) => severity === 'error').length },
        },
      };
    },
    capture: openCapture,
    hashes: nodeHashes,
  }),
);
