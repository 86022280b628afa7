/**
 * Runs every scenario in this folder and compares the whole trace. `UPDATE_SCENARIOS=1 npx vitest run test/scenarios`
 * rewrites the traces; read the difference before you commit it.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseScenario, runScenario } from '../sim/scenario.ts';

const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.txt'));

describe('scenarios', () => {
  it.each(files)('%s comes out as written', (file) => {
    const path = join(import.meta.dirname, file);
    const scenario = parseScenario(readFileSync(path, 'utf8'));
    const { trace, violation } = runScenario(scenario);
    expect(violation).toBeUndefined();
    if (process.env['UPDATE_SCENARIOS'] === '1') writeFileSync(path, `${scenario.script}---\n${trace}`);
    else expect(trace).toBe(scenario.expected);
  });

  it('refuses a script that it does not understand, and a time that is none', () => {
    expect(() => parseScenario('at 1s')).not.toThrow();
    expect(() => parseScenario('wait 1s')).toThrow('nobody knows');
    expect(() => parseScenario('at soon node1 on')).toThrow('not a time');
    expect(() => runScenario(parseScenario('at 1s node1 dances\nuntil 2s'))).toThrow('nobody knows');
  });

  it('shows a violation in the trace', () => {
    const scenario = parseScenario('at 0s node1 on\nat 0s node2 on\nuntil 3s');
    const wrong = { ...scenario, setup: { ...scenario.setup, groups: [] } };
    expect(runScenario(wrong).trace).not.toBe(runScenario(scenario).trace);
  });
});
