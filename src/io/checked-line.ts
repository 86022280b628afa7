/**
 * One JSON object as one line that ends in its own checksum, so that ordinary tools (jq) read the file and we still notice
 * a torn or changed line: {"kind":"start","us":12, ... ,"crc":"1c291ca3"}
 */
import { crc32 } from 'node:zlib';

/** `json` is the text of an object that is not empty; the answer has no newline. */
export function withChecksum(json: string): string {
  return `${json.slice(0, -1)},"crc":"${checksum(json)}"}`;
}

/** The text of the object without its checksum; `undefined` when it does not verify. */
export function verifiedJson(line: string): string | undefined {
  const match = /^(.*),"crc":"([0-9a-f]{8})"\}$/s.exec(line);
  return match === null || checksum(`${match[1]}}`) !== match[2] ? undefined : `${match[1]}}`;
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}
