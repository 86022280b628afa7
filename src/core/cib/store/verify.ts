/** What a version file must be before it is written down, whoever sent it. */
import { decodeText } from '../../transport/bytes.ts';
import { decodeVersionFile, type Sha256, type VersionFile } from './entry.ts';
import { documentBytesMax } from './parts.ts';
import { readRootVersion } from './root-element.ts';
import { versionText } from './version.ts';

/** `undefined`: no UTF-8. */
export function decodeDocument(document: Uint8Array): string | undefined {
  return decodeText(document, 0, document.length);
}

/** The document says the same version of itself as the entry, fits, and is what the entry's digest says. */
export function verifiedVersion(bytes: Uint8Array, sha256: Sha256): VersionFile | undefined {
  const file = decodeVersionFile(bytes, sha256);
  if (file === undefined || file.document.length > documentBytesMax) return undefined;
  const text = decodeDocument(file.document);
  const version = text === undefined ? undefined : readRootVersion(text);
  return version !== undefined && versionText(version) === versionText(file.entry.version) ? file : undefined;
}
