/** Compares a text with the file that holds what it should be; `UPDATE_GOLDEN=1` writes the file anew for review. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect } from 'vitest';

export function expectGolden(path: string, text: string): void {
  const { UPDATE_GOLDEN } = process.env;
  if (UPDATE_GOLDEN === '1') {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  if (!existsSync(path)) throw new Error(`${path} is missing; UPDATE_GOLDEN=1 writes it`);
  expect(text, `${path} differs; UPDATE_GOLDEN=1 rewrites it, then look at the difference`).toBe(
    readFileSync(path, 'utf8'),
  );
}
