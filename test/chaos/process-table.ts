/** What /proc says of one process. */
import { readFileSync } from 'node:fs';

/** The fields of stat behind the name: state, parent, ...; the twentieth is the time at which it began. */
export function statOf(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

/** None for the children of the lab itself. */
export function parentOf(pid: number): number[] {
  const parent = Number(statOf(pid)?.[1] ?? 0);
  return parent > 1 ? [parent] : [];
}

export function nameOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'latin1').trim();
  } catch {
    return undefined;
  }
}

export function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim().split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}
