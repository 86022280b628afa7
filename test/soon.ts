import { vi } from 'vitest';

/** For what comes or never does. Busy machines take their time, so the patience is long; a failure is no sooner wrong. */
export function soon<Value>(check: () => Value | Promise<Value>): Promise<Value> {
  return vi.waitFor(check, { timeout: 15_000, interval: 10 });
}
