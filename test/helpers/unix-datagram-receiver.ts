/** The other end of a unix datagram socket, as systemd or syslog hold it. */
import { intBytes, libc, linux, littleEndian } from '../../src/io/libc.ts';

export interface UnixDatagramReceiver {
  /** The next datagram that waits, or `undefined`. */
  receive(): string | undefined;
  close(): void;
}

/** `path` beginning with `@` is an abstract socket. */
export function openUnixDatagramReceiver(path: string): UnixDatagramReceiver {
  const native = libc()!;
  const name = Buffer.from(path.startsWith('@') ? `\0${path.slice(1)}` : `${path}\0`);
  const address = new Uint8Array(2 + name.length);
  new DataView(address.buffer).setUint16(0, linux.AF_UNIX, littleEndian);
  address.set(name, 2);
  const fd = native.socket(linux.AF_UNIX, linux.SOCK_DGRAM | linux.SOCK_CLOEXEC, 0);
  if (native.bind(fd, address, address.length) !== 0) throw new Error(`bind ${path}: ${native.lastError()}`);
  const buffer = new Uint8Array(65_536);
  return {
    receive() {
      const length = native.recvfrom(fd, buffer, buffer.length, linux.MSG_DONTWAIT, new Uint8Array(110), intBytes(110));
      return length < 0 ? undefined : Buffer.from(buffer.subarray(0, length)).toString();
    },
    close: () => void native.close(fd),
  };
}
