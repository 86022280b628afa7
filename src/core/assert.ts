/**
 * Assertions stay on in production: a broken invariant ends the daemon loudly, the guardian then releases what this
 * node holds and the peer takes over (S19). They state what must be true, never what a user may get wrong.
 */
export class BrokenInvariant extends Error {
  override readonly name = 'BrokenInvariant';
}

export function assert(condition: unknown, invariant: string): asserts condition {
  if (!condition) throw new BrokenInvariant(invariant);
}

/** For the end of an exhaustive switch. */
export function unreachable(value: never, where: string): never {
  throw new BrokenInvariant(`${where}: impossible value ${JSON.stringify(value)}`);
}
