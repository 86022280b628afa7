/**
 * The end of a process that must end. `process.exit` first runs the exit handlers of every native library, and that of
 * koffi has been seen to wait there for a lock that nobody gives back: a daemon that had handed everything over, and did
 * not end. So the kernel is told directly. Nothing is flushed: the caller has done that.
 */
import { libc } from './libc.ts';

export function endProcess(code: number): never {
  libc()?.exitNow(code);
  // Without koffi there is no handler of its to wait in.
  process.exit(code);
}
