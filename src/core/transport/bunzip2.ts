/**
 * Reads bzip2 (the format is described in Joe Tsai's "BZIP2: Format Specification"): Huffman codes, move-to-front,
 * inverse Burrows-Wheeler transform, run lengths. Written for messages of some kilobytes from a peer that may have gone
 * wrong: nothing here throws, and no more than `limit` bytes come out, however small the input is.
 */
const magic = [0x42, 0x5a, 0x68];
const blockMark = 0x314159265359;
const endMark = 0x177245385090;
const blockUnitBytes = 100_000;
const symbolsPerSelector = 50;
const longestCode = 20;
const runA = 0;
const runB = 1;

/** `undefined`: not bzip2, damaged (each block has a checksum), cut off, or longer than `limit`. */
export function bunzip2(input: Uint8Array, limit: number): Uint8Array | undefined {
  try {
    return decode(new BitReader(input), limit);
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}

/** Leaves the nested loops; never leaves this file. */
class Malformed extends Error {}

function decode(bits: BitReader, limit: number): Uint8Array {
  for (const byte of magic) expect(bits.read(8) === byte);
  const level = bits.read(8) - 0x30;
  expect(level >= 1 && level <= 9);
  const output = new Output(limit);
  // Before run lengths are undone a block is longer than what comes of it by a quarter at most.
  const buffer = new Uint8Array(Math.min(level * blockUnitBytes, Math.ceil(limit * 1.25)));
  for (let combined = 0; ; ) {
    const mark = bits.read(24) * 0x1000000 + bits.read(24);
    if (mark === endMark) {
      expect(bits.read32() === combined >>> 0);
      return output.finish();
    }
    expect(mark === blockMark);
    const stored = bits.read32();
    expect(bits.read(1) === 0);
    output.beginBlock();
    writeBlock(readBlock(bits, buffer), output);
    expect(output.blockChecksum() === stored);
    combined = ((combined << 1) | (combined >>> 31)) ^ stored;
  }
}

interface Block {
  /** In the order of the transform. */
  readonly bytes: Uint8Array;
  readonly origin: number;
}

/** Up to the inverse of move-to-front, into `bytes`. */
function readBlock(bits: BitReader, bytes: Uint8Array): Block {
  const sizeMax = bytes.length;
  const origin = bits.read(24);
  const used = readUsedBytes(bits);
  const tableCount = bits.read(3);
  expect(tableCount >= 2 && tableCount <= 6);
  const selectors = readSelectors(bits, tableCount);
  const endSymbol = used.length + 1;
  const tables = Array.from({ length: tableCount }, () => readTable(bits, endSymbol + 1));
  let [count, run, runWeight, symbolsRead] = [0, 0, 1, 0];
  for (;;) {
    const selector = selectors[Math.floor(symbolsRead++ / symbolsPerSelector)];
    expect(selector !== undefined);
    const symbol = readSymbol(bits, tables[selector]!);
    if (symbol === runA || symbol === runB) {
      run += runWeight * (symbol + 1);
      runWeight *= 2;
      expect(count + run <= sizeMax);
      continue;
    }
    if (run > 0) {
      bytes.fill(used[0]!, count, count + run);
      count += run;
      [run, runWeight] = [0, 1];
    }
    if (symbol === endSymbol) break;
    expect(count < sizeMax);
    const [byte] = used.splice(symbol - 1, 1);
    used.unshift(byte!);
    bytes[count++] = byte!;
  }
  expect(origin < count);
  return { bytes: bytes.subarray(0, count), origin };
}

function readUsedBytes(bits: BitReader): number[] {
  const ranges = bits.read(16);
  const used: number[] = [];
  for (let range = 0; range < 16; range++) {
    if (((ranges >> (15 - range)) & 1) === 0) continue;
    const inRange = bits.read(16);
    for (let bit = 0; bit < 16; bit++) if (((inRange >> (15 - bit)) & 1) === 1) used.push(range * 16 + bit);
  }
  expect(used.length > 0);
  return used;
}

function readSelectors(bits: BitReader, tableCount: number): Uint8Array {
  const selectors = new Uint8Array(bits.read(15));
  expect(selectors.length > 0);
  const order = [0, 1, 2, 3, 4, 5];
  for (let index = 0; index < selectors.length; index++) {
    let place = 0;
    while (bits.read(1) === 1) expect(++place < tableCount);
    const [table] = order.splice(place, 1);
    order.unshift(table!);
    selectors[index] = table!;
  }
  return selectors;
}

/** Canonical Huffman code: the symbols sorted by length, and for each length the first code and its place. */
interface Table {
  readonly symbols: readonly number[];
  readonly firstCode: readonly number[];
  readonly firstPlace: readonly number[];
  readonly counts: readonly number[];
}

function readTable(bits: BitReader, symbolCount: number): Table {
  const lengths: number[] = [];
  let length = bits.read(5);
  for (let symbol = 0; symbol < symbolCount; symbol++) {
    expect(length >= 1 && length <= longestCode);
    while (bits.read(1) === 1) {
      length += bits.read(1) === 0 ? 1 : -1;
      expect(length >= 1 && length <= longestCode);
    }
    lengths.push(length);
  }
  const symbols: number[] = [];
  const [firstCode, firstPlace, counts] = [[0], [0], [0]];
  let code = 0;
  for (let width = 1; width <= longestCode; width++) {
    firstCode[width] = code;
    firstPlace[width] = symbols.length;
    for (let symbol = 0; symbol < symbolCount; symbol++) if (lengths[symbol] === width) symbols.push(symbol);
    counts[width] = symbols.length - firstPlace[width]!;
    code = (code + counts[width]!) * 2;
  }
  return { symbols, firstCode, firstPlace, counts };
}

function readSymbol(bits: BitReader, { symbols, firstCode, firstPlace, counts }: Table): number {
  let code = 0;
  for (let width = 1; width <= longestCode; width++) {
    code = code * 2 + bits.read(1);
    const offset = code - firstCode[width]!;
    if (offset >= 0 && offset < counts[width]!) return symbols[firstPlace[width]! + offset]!;
  }
  throw new Malformed();
}

/** Undoes the transform, then the run lengths: four equal bytes are followed by how many more there are. */
function writeBlock({ bytes, origin }: Block, output: Output): void {
  const next = new Uint32Array(bytes.length);
  const starts = new Uint32Array(257);
  for (const byte of bytes) starts[byte + 1]!++;
  for (let byte = 0; byte < 256; byte++) starts[byte + 1]! += starts[byte]!;
  for (let index = 0; index < bytes.length; index++) next[starts[bytes[index]!]!++] = index;
  let [at, last, equal] = [next[origin]!, -1, 0];
  for (let count = 0; count < bytes.length; count++) {
    const byte = bytes[at]!;
    at = next[at]!;
    if (equal === 4) {
      for (let repeat = 0; repeat < byte; repeat++) output.write(last);
      [last, equal] = [-1, 0];
      continue;
    }
    equal = byte === last ? equal + 1 : 1;
    last = byte;
    output.write(byte);
  }
}

class Output {
  readonly #limit: number;
  #bytes: Uint8Array;
  #length = 0;
  #checksum = 0;

  constructor(limit: number) {
    this.#limit = limit;
    this.#bytes = new Uint8Array(Math.min(limit, 4096));
  }

  beginBlock(): void {
    this.#checksum = 0xffffffff;
  }

  write(byte: number): void {
    expect(this.#length < this.#limit);
    if (this.#length === this.#bytes.length) {
      const larger = new Uint8Array(Math.min(this.#limit, this.#length * 2));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes[this.#length++] = byte;
    this.#checksum = (this.#checksum << 8) ^ crcTable[(this.#checksum >>> 24) ^ byte]!;
  }

  blockChecksum(): number {
    return ~this.#checksum >>> 0;
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }
}

class BitReader {
  readonly #bytes: Uint8Array;
  #at = 0;
  #held = 0;
  #heldBits = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** At most 24 bits, most significant first. */
  read(count: number): number {
    while (this.#heldBits < count) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw new Malformed();
      this.#held = ((this.#held << 8) | byte) >>> 0;
      this.#heldBits += 8;
    }
    this.#heldBits -= count;
    const value = (this.#held >>> this.#heldBits) & (2 ** count - 1);
    this.#held &= 2 ** this.#heldBits - 1;
    return value;
  }

  read32(): number {
    return this.read(16) * 0x10000 + this.read(16);
  }
}

function expect(condition: boolean): asserts condition {
  if (!condition) throw new Malformed();
}

const crcTable: Int32Array = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit++) crc = crc < 0 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  return crc;
});
