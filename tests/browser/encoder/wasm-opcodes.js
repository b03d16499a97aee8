/**
 * Which instructions a WebAssembly module uses, read from its code section:
 * https://webassembly.github.io/spec/core/binary/instructions.html
 */
const CODE_SECTION = 10;
const BLOCK_TYPES = [0x40, 0x7b, 0x7c, 0x7d, 0x7e, 0x7f, 0x70, 0x6f];

/**
 * Immediates after an opcode: u index, m memory argument, t block type, l lane, 4 8 16 bytes.
 * @type {Record<number, string>}
 */
const PLAIN = {
  0x02: 't',
  0x03: 't',
  0x04: 't',
  0x0c: 'u',
  0x0d: 'u',
  0x10: 'u',
  0x11: 'uu',
  0x12: 'u',
  0x13: 'uu',
  0x20: 'u',
  0x21: 'u',
  0x22: 'u',
  0x23: 'u',
  0x24: 'u',
  0x25: 'u',
  0x26: 'u',
  0x3f: 'u',
  0x40: 'u',
  0x41: 'u',
  0x42: 'u',
  0x43: '4',
  0x44: '8',
  0xd0: 'u',
  0xd2: 'u',
};
/** Of those that begin with 0xfc: saturating truncation, memory and tables. @type {Record<number, string>} */
const MISCELLANEOUS = { 8: 'uu', 9: 'u', 10: 'uu', 11: 'u', 12: 'uu', 13: 'u', 14: 'uu', 15: 'u', 16: 'u', 17: 'u' };
/** What follows no opcode in PLAIN and is none: a module with one of these is beyond this reader. */
const isUnknown = (/** @type {number} */ opcode) => opcode > 0xc4 && ![0xd0, 0xd1, 0xd2].includes(opcode);

/** @param {number} opcode  after 0xfd */
function vectorImmediates(opcode) {
  if (opcode <= 0x0b || opcode === 0x5c || opcode === 0x5d) return 'm';
  if (opcode === 0x0c || opcode === 0x0d) return '16';
  if (opcode >= 0x15 && opcode <= 0x22) return 'l';
  return opcode >= 0x54 && opcode <= 0x5b ? 'ml' : '';
}

class Reader {
  at = 0;
  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.bytes = bytes;
  }

  byte() {
    return this.bytes[this.at++];
  }

  /** A LEB128 number; of signed ones only the length is right. */
  number() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      if (shift < 32) value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
  }

  /** @param {string} kinds  as in PLAIN */
  skip(kinds) {
    if (/^\d+$/.test(kinds)) this.at += Number(kinds);
    else for (const kind of kinds) this.#skipOne(kind);
  }

  /** @param {string} kind */
  #skipOne(kind) {
    if (kind === 'l') this.at += 1;
    else if (kind === 't' && BLOCK_TYPES.includes(this.bytes[this.at])) this.at += 1;
    else this.number();
    if (kind === 'm') this.number();
  }
}

/**
 * @param {Uint8Array} bytes  of a module
 * @returns {Set<number>} the opcodes after the prefix 0xfd, which all vector instructions have
 */
export function vectorOpcodes(bytes) {
  const reader = new Reader(bytes);
  reader.at = 8;
  /** @type {Set<number>} */
  const found = new Set();
  while (reader.at < bytes.length) {
    const section = reader.byte();
    const size = reader.number();
    const end = reader.at + size;
    if (section === CODE_SECTION) for (let left = reader.number(); left > 0; left -= 1) readFunction(reader, found);
    reader.at = end;
  }
  return found;
}

/** @param {Reader} reader @param {Set<number>} found */
function readFunction(reader, found) {
  const size = reader.number();
  const end = reader.at + size;
  for (let locals = reader.number(); locals > 0; locals -= 1) reader.skip('ul');
  while (reader.at < end) readInstruction(reader, found);
  if (reader.at !== end) throw new Error(`a function was read up to byte ${reader.at}, and ends at ${end}`);
}

/** @param {Reader} reader @param {Set<number>} found */
function readInstruction(reader, found) {
  const opcode = reader.byte();
  if (opcode === 0xfd) {
    const vector = reader.number();
    found.add(vector);
    return reader.skip(vectorImmediates(vector));
  }
  if (opcode === 0xfc) return reader.skip(MISCELLANEOUS[reader.number()] ?? '');
  if (isUnknown(opcode)) throw new Error(`byte ${reader.at - 1}: unknown instruction 0x${opcode.toString(16)}`);
  if (opcode === 0x0e || opcode === 0x1c) return skipVector(reader, opcode === 0x0e ? 1 : 0);
  reader.skip(PLAIN[opcode] ?? (opcode >= 0x28 && opcode <= 0x3e ? 'm' : ''));
}

/** Labels of br_table with its default, types of select. @param {Reader} reader @param {number} more */
function skipVector(reader, more) {
  for (let left = reader.number() + more; left > 0; left -= 1) reader.number();
}
