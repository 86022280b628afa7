/** Datagrams to a unix socket (unix(7)), which Node cannot send: the service manager and syslog listen on such. */
import { type Libc, libc, linux, littleEndian } from './libc.ts';

export interface UnixDatagramSender {
  /** Never waits. `undefined` when the datagram was taken, else the name of the error. */
  send(text: string): string | undefined;
  close(): void;
}

/** Of `sun_path`, with the terminating zero. */
const pathLimitBytes = 108;

/** `path` beginning with `@` names an abstract socket. `undefined` when there is no native call or the path is too long. */
export function openUnixDatagram(path: string, native: Libc | undefined = libc()): UnixDatagramSender | undefined {
  const address = encodeAddress(path);
  if (native === undefined || address === undefined) return undefined;
  const fd = native.socket(linux.AF_UNIX, linux.SOCK_DGRAM | linux.SOCK_CLOEXEC | linux.SOCK_NONBLOCK, 0);
  if (fd < 0) return undefined;
  const flags = linux.MSG_DONTWAIT | linux.MSG_NOSIGNAL;
  return {
    send(text) {
      const bytes = Buffer.from(text);
      const sent = native.sendto(fd, bytes, bytes.length, flags, address, address.length);
      return sent === bytes.length ? undefined : native.lastError();
    },
    close: () => void native.close(fd),
  };
}

function encodeAddress(path: string): Uint8Array | undefined {
  const abstract = path.startsWith('@');
  // An abstract name begins with a zero byte and ends where the address ends; a path ends with a zero byte.
  const name = Buffer.from(abstract ? `\0${path.slice(1)}` : `${path}\0`);
  if (path === '' || name.length > pathLimitBytes) return undefined;
  const bytes = new Uint8Array(2 + name.length);
  new DataView(bytes.buffer).setUint16(0, linux.AF_UNIX, littleEndian);
  bytes.set(name, 2);
  return bytes;
}
