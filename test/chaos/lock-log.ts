/**
 * What the writers of a service wrote down, fifty times a second each, into one file: `NODE BOOT PID UPTIME`. The file
 * keeps the order in which the kernel took the lines, so no clock is needed: when a writer writes again after another one
 * has begun, both were alive at once.
 */
export interface Interleaving {
  readonly service: string;
  /** Who had begun, and who still wrote after that. */
  readonly begun: string;
  readonly goesOn: string;
}

export interface LockLog {
  readonly lines: number;
  readonly writers: number;
  readonly interleavings: readonly Interleaving[];
}

const interleavingsMax = 100;

export function readLockLog(service: string, text: string): LockLog {
  const over = new Set<string>();
  const found = new Map<string, Interleaving>();
  let current: string | undefined;
  let lines = 0;
  for (const line of text.split('\n')) {
    const [node, boot, pid, uptime] = line.split(' ');
    if (uptime === undefined) continue;
    lines += 1;
    const writer = `${node} ${boot} ${pid}`;
    if (writer === current) continue;
    const begun = current;
    if (over.has(writer) && begun !== undefined && found.size < interleavingsMax)
      found.set(`${begun}/${writer}`, { service, begun, goesOn: writer });
    if (begun !== undefined) over.add(begun);
    current = writer;
  }
  const writers = over.size + (current === undefined || over.has(current) ? 0 : 1);
  return { lines, writers, interleavings: [...found.values()] };
}
