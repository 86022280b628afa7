import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { defaultLimits } from '../../src/daemon/control/limits.ts';
import { heartbeatUsage } from '../../src/daemon/heartbeat-options.ts';
import { argumentSchemas } from '../../src/protocol/schemas.ts';
import { controlSockets } from '../../src/protocol/sockets.ts';
import { verbs } from '../../src/protocol/verbs.ts';
import { clStatusUsage } from '../../src/tools/cl-status-text.ts';
import { runPairbeat } from '../../src/tools/pairbeat/pairbeat.ts';
import { run } from './run-command.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/reference/commands.md'), 'utf8');

it('lists every verb with its rights and arguments', () => {
  for (const [verb, { rights }] of Object.entries(verbs)) {
    const row = page.split('\n').find((line) => line.startsWith(`| \`${verb}\` | ${rights} |`));
    expect(row, `a row for ${verb}`).toBeDefined();
    const { properties } = argumentSchemas[verb as keyof typeof verbs];
    for (const name of Object.keys(properties)) expect(row).toMatch(new RegExp(`\`${name}\`|as \`standby\``));
  }
});

it('states the modes of the sockets and the limits', () => {
  for (const { name, mode } of Object.values(controlSockets))
    expect(page).toMatch(new RegExp(`\\| \`${name}\` \\| 0${mode.toString(8)}`));
  expect(page).toContain(
    `${defaultLimits.clientsPerSocket} connections a socket, ${defaultLimits.requestsInFlight} requests in flight`,
  );
  expect(page).toContain(`${defaultLimits.frameBytes.read / 1024} KiB a request on \`status.sock\``);
  expect(page).toContain(`disconnected at ${defaultLimits.unreadBytes / 1024 / 1024} MiB`);
});

it('has every option of heartbeat and every sub-command of cl_status', () => {
  for (const [, option] of heartbeatUsage.matchAll(/^ {2}(-[a-zA-Z]) /gm)) expect(page).toContain(`| \`${option}\``);
  for (const [, name] of clStatusUsage.matchAll(/^ {2}([a-z]+) /gm)) expect(page).toContain(`\`${name}\``);
});

it('has every subcommand of pairbeat with its options', async () => {
  const services = { version: '0' } as Parameters<typeof runPairbeat>[2];
  const help = async (...argv: string[]) =>
    (await run((terminal) => runPairbeat(argv, terminal, services), { columns: 200 })).out;
  const subcommands = [...(await help('--help')).matchAll(/^ {2}([a-z][a-z-]+) /gm)]
    .map((match) => match[1] ?? '')
    .filter((name) => name !== 'help');
  expect(subcommands.length).toBeGreaterThan(7);
  for (const name of subcommands) {
    const row = page.split('\n').find((line) => line.startsWith(`| \`${name}`));
    expect(row, `a row for ${name}`).toBeDefined();
    for (const [, option] of (await help(name, '--help')).matchAll(/^ {2}(--[a-z-]+)/gm)) {
      if (!['--json', '--ha-dir', '--run-dir', '--help'].includes(option ?? '')) expect(row).toContain(option);
    }
  }
});
