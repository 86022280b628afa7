/**
 * `pairbeat`: the umbrella, with what only the daemon's side and the kernel's can do. That is loaded when it is asked
 * for: `pairbeat status` must not wait for the parsers of the configuration.
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { productVersion } from '../daemon/version.ts';
import { nodeHashes } from '../io/hashes.ts';
import { runPairbeat } from '../tools/pairbeat/pairbeat.ts';
import { runAsProcess } from '../tools/terminal.ts';
import { quietPipes } from './quiet-pipes.ts';

quietPipes('end');
await runAsProcess((argv, terminal) =>
  runPairbeat(argv, terminal, {
    version: productVersion,
    hashes: nodeHashes,
    async check(options, write) {
      const { runCheck } = await import('../daemon/check-command.ts');
      return runCheck(options, write);
    },
    async loadLinks(haDir) {
      const { loadConfiguration } = await import('../daemon/load-configuration.ts');
      const { configuration, findings } = await loadConfiguration({ haDir });
      if (configuration !== undefined) return { ok: true, value: configuration };
      const errors = findings.filter(({ severity }) => severity === 'error').length;
      return { ok: false, problem: { code: 'observe-configuration-invalid', fields: { directory: haDir, errors } } };
    },
    async testLinksAlone(haDir, options) {
      const { loadConfiguration } = await import('../daemon/load-configuration.ts');
      const { testLinksAlone } = await import('../daemon/link-test-alone.ts');
      const { configuration, findings } = await loadConfiguration({ haDir });
      if (configuration !== undefined) return testLinksAlone(configuration, options);
      const errors = findings.filter(({ severity }) => severity === 'error').length;
      return { ok: false, problem: { code: 'observe-configuration-invalid', fields: { directory: haDir, errors } } };
    },
    async probeFenceDevices({ haDir, stateDir }) {
      const { loadConfiguration } = await import('../daemon/load-configuration.ts');
      const { probeFenceDevicesAlone } = await import('../daemon/fence-probe.ts');
      const { configuration, findings } = await loadConfiguration({ haDir });
      if (configuration !== undefined)
        return probeFenceDevicesAlone(configuration, join(stateDir, 'fencing'), tmpdir());
      const errors = findings.filter(({ severity }) => severity === 'error').length;
      return {
        ok: false,
        problem: { code: 'fence-status-configuration-invalid', fields: { directory: haDir, errors } },
      };
    },
    async openJournal(path) {
      const { openJournal } = await import('../io/journal/read.ts');
      return openJournal(path);
    },
    async exportJournal(path, file, sinceSeconds) {
      const { exportJournal } = await import('../io/journal/export.ts');
      return exportJournal(path, file, sinceSeconds);
    },
    async capture(device, port, see) {
      const { openCapture } = await import('../io/capture/capture.ts');
      return openCapture(device, port, see);
    },
  }),
);
