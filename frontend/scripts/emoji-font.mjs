// Makes the emoji font of the page out of twemoji-colr-font's: node scripts/emoji-font.mjs, when that package changes.
//
// The package joins an emoji of several parts (a heart on fire, a woman who runs) only if U+FE0F stands between them.
// Chromium takes that mark away before it shapes a text, since the font's cmap has no table of variations; 840 of the
// 3,655 emoji fell apart in it, and in WebView2. Here each such ligature stands without the mark as well. The names of
// the glyphs, which nobody reads, are left out.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';

const knownTags = (
  'cmap head hhea hmtx maxp name OS/2 post cvt_ fpgm glyf loca prep CFF_ VORG EBDT EBLC gasp hdmx kern LTSH PCLT VDMX ' +
  'vhea vmtx BASE GDEF GPOS GSUB EBSC JSTF MATH CBDT CBLC COLR CPAL SVG_ sbix acnt avar bdat bloc bsln cvar fdsc feat ' +
  'fmtx fvar gvar hsty just lcar mort morx opbd prop trak Zapf Silf Glat Gloc Feat Sill'
).split(' ');
const headerSize = 48;
const mark = 0xfe0f;

/** The tables of a WOFF2 file (W3C, WOFF 2.0, 4): as they are stored, glyf and loca transformed. */
function readTables(file) {
  let at = headerSize;
  const number = () => {
    let value = 0;
    for (;;) {
      const byte = file[at++];
      value = value * 128 + (byte & 127);
      if (byte < 128) return value;
    }
  };
  const tables = [];
  for (let n = file.readUInt16BE(12); n > 0; n--) {
    const flags = file[at++];
    const tag = (flags & 63) === 63 ? file.toString('latin1', at, (at += 4)) : knownTags[flags & 63];
    const size = number();
    const isOutline = tag === 'glyf' || tag === 'loca';
    const isTransformed = isOutline ? flags >> 6 !== 3 : flags >> 6 !== 0;
    tables.push({ flags, tag, size, isTransformed, stored: isTransformed ? number() : size });
  }
  const data = brotliDecompressSync(file.subarray(at, at + file.readUInt32BE(20)));
  let from = 0;
  for (const table of tables) table.bytes = data.subarray(from, (from += table.stored));
  return tables;
}

/** A number as WOFF2 writes it: seven bits a byte. */
function asNumber(value) {
  const bytes = [value & 127];
  for (let rest = value >> 7; rest > 0; rest >>= 7) bytes.unshift((rest & 127) | 128);
  return bytes;
}

function writeFont(original, tables, sizeChange) {
  const directory = tables.flatMap(({ flags, tag, size, isTransformed, bytes }) => [
    flags,
    ...((flags & 63) === 63 ? Buffer.from(tag, 'latin1') : []),
    ...asNumber(isTransformed ? size : bytes.length),
    ...(isTransformed ? asNumber(bytes.length) : []),
  ]);
  const data = brotliCompressSync(Buffer.concat(tables.map((table) => table.bytes)), {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22 },
  });
  const used = headerSize + directory.length + data.length;
  const file = Buffer.alloc(Math.ceil(used / 4) * 4);
  original.copy(file, 0, 0, headerSize);
  file.writeUInt32BE(file.length, 8);
  file.writeUInt16BE(tables.length, 12);
  file.writeUInt32BE(original.readUInt32BE(16) + sizeChange, 16);
  file.writeUInt32BE(data.length, 20);
  file.fill(0, 28, headerSize); // no metadata
  Buffer.from(directory).copy(file, headerSize);
  data.copy(file, headerSize + directory.length);
  return file;
}

/** The glyph of a character, by the cmap's format 12. */
function glyphOf(cmap, wanted) {
  for (let i = 0; i < cmap.readUInt16BE(2); i++) {
    const table = cmap.readUInt32BE(8 + i * 8);
    if (cmap.readUInt16BE(table) !== 12) continue;
    for (let group = 0; group < cmap.readUInt32BE(table + 12); group++) {
      const at = table + 16 + group * 12;
      const first = cmap.readUInt32BE(at);
      if (wanted >= first && wanted <= cmap.readUInt32BE(at + 4)) return cmap.readUInt32BE(at + 8) + wanted - first;
    }
  }
  throw new Error(`the font has no U+${wanted.toString(16)}`);
}

/** The ligatures of the one lookup: the glyphs of each and what they become. */
function readLigatures(gsub) {
  const u16 = (at) => gsub.readUInt16BE(at);
  const lookups = u16(8);
  const lookup = lookups + u16(lookups + 2);
  if (u16(lookups) !== 1 || u16(lookup) !== 4 || u16(lookup + 4) !== 1) throw new Error('more lookups than one');
  const table = lookup + u16(lookup + 6);
  const coverage = table + u16(table + 2);
  const firsts = [];
  for (let i = 0; i < u16(coverage + 2); i++) {
    if (u16(coverage) === 1) firsts.push(u16(coverage + 4 + i * 2));
    else for (let g = u16(coverage + 4 + i * 6); g <= u16(coverage + 6 + i * 6); g++) firsts.push(g);
  }
  return firsts.flatMap((first, i) => {
    const set = table + u16(table + 6 + i * 2);
    return Array.from({ length: u16(set) }, (_, j) => {
      const at = set + u16(set + 2 + j * 2);
      const rest = Array.from({ length: u16(at + 2) - 1 }, (__, k) => u16(at + 4 + k * 2));
      return { glyphs: [first, ...rest], becomes: u16(at) };
    });
  });
}

/** Numbers of two bytes. */
function words(...values) {
  return Buffer.from(values.flatMap((value) => [value >> 8, value & 255]));
}

/** The table anew with those ligatures; scripts and features stay. */
function writeLigatures(gsub, ligatures) {
  const sets = new Map();
  for (const one of ligatures) sets.set(one.glyphs[0], [...(sets.get(one.glyphs[0]) ?? []), one]);
  const firsts = [...sets.keys()].toSorted((a, b) => a - b);
  const parts = firsts.map((first) => {
    // The longest that fits is taken: they stand first.
    const list = sets.get(first).toSorted((a, b) => b.glyphs.length - a.glyphs.length);
    const bodies = list.map(({ glyphs, becomes }) => words(becomes, glyphs.length, ...glyphs.slice(1)));
    let offset = 2 + list.length * 2;
    const offsets = bodies.map((body) => (offset += body.length) - body.length);
    return Buffer.concat([words(list.length, ...offsets), ...bodies]);
  });
  let offset = 6 + firsts.length * 2;
  const offsets = parts.map((part) => (offset += part.length) - part.length);
  if (offset > 0xffff) throw new Error('too many ligatures for one table');
  return Buffer.concat([
    gsub.subarray(0, gsub.readUInt16BE(8)),
    words(1, 4, 4, 0, 1, 8), // one lookup of one table of ligatures
    words(1, offset, firsts.length, ...offsets),
    ...parts,
    words(1, firsts.length, ...firsts),
  ]);
}

const frontend = join(dirname(fileURLToPath(import.meta.url)), '..');
const source = createRequire(import.meta.url).resolve('twemoji-colr-font/twemoji.woff2');
const original = readFileSync(source);
const tables = readTables(original).filter((table) => table.tag !== 'FFTM');
const table = (tag) => tables.find((one) => one.tag === tag);

const gsub = table('GSUB');
const held = readLigatures(gsub.bytes);
const markGlyph = glyphOf(table('cmap').bytes, mark);
const known = new Set(held.map(({ glyphs }) => glyphs.join()));
const added = held
  .map(({ glyphs, becomes }) => ({ glyphs: glyphs.filter((glyph) => glyph !== markGlyph), becomes }))
  .filter(({ glyphs }) => glyphs.length > 1 && !known.has(glyphs.join()) && known.add(glyphs.join()));
const before = gsub.bytes.length + table('post').bytes.length;
gsub.bytes = writeLigatures(gsub.bytes, [...held, ...added]);
table('post').bytes = Buffer.concat([Buffer.from([0, 3, 0, 0]), table('post').bytes.subarray(4, 32)]);
const after = gsub.bytes.length + table('post').bytes.length;

const folder = join(frontend, 'src/app/fonts');
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'emoji.woff2'), writeFont(original, tables, Math.ceil((after - before) / 4) * 4));
writeFileSync(join(folder, 'emoji-LICENSE.txt'), readFileSync(join(dirname(source), 'LICENSE')));
process.stdout.write(`${held.length} ligatures, ${added.length} more without U+FE0F\n`);
