// Makes the part of Pretendard that a window needs at once: a Vite plugin, used by vite.config.ts.
//
// The whole font is 6.7 MB unpacked, and a web view unpacks, checks and lays out with it before it shows a line of text. The common
// part has Latin, signs, and the 2,350 syllables of KS X 1001, which are nearly all of written Korean, in the weights that the page
// uses: 1.1 MB. A syllable that it lacks makes the web view load the whole font, by the order of names in tokens.css.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const modules = fileURLToPath(new URL('../node_modules/', import.meta.url));
const whole = join(modules, 'pretendard/dist/public/variable/PretendardVariable.ttf');
const name = 'pretendard-common.woff';

/** Unicode blocks, first and last: Basic Latin to Latin Extended-B, punctuation to shapes, CJK punctuation, compatibility jamo. */
const blocks: readonly (readonly [number, number])[] = [
  [0x20, 0x24f],
  [0x2000, 0x25ff],
  [0x3000, 0x303f],
  [0x3130, 0x318f],
];

/** The syllables of KS X 1001: rows 0xb0 to 0xc8 of EUC-KR. */
function commonSyllables() {
  const decoder = new TextDecoder('euc-kr');
  let text = '';
  for (let row = 0xb0; row <= 0xc8; row++) {
    for (let cell = 0xa1; cell <= 0xfe; cell++) text += decoder.decode(Uint8Array.of(row, cell));
  }
  return text;
}

function commonCharacters() {
  let text = commonSyllables();
  for (const [first, last] of blocks) {
    for (let code = first; code <= last; code++) text += String.fromCodePoint(code);
  }
  return text;
}

/** Makes the font, unless this script has made it from this font before. Returns its folder. */
async function make() {
  const font = readFileSync(whole);
  const made = createHash('sha256')
    .update(font)
    .update(readFileSync(fileURLToPath(import.meta.url)));
  const folder = join(modules, '.cache/himsg', made.digest('hex').slice(0, 16));
  const path = join(folder, name);
  if (!existsSync(path)) {
    const { default: subsetFont } = await import('subset-font');
    // WOFF and not WOFF2: it takes a fifth of the time to unpack, and the app is packed once more by its installer.
    const common = await subsetFont(font, commonCharacters(), {
      targetFormat: 'woff',
      variationAxes: { wght: { min: 400, max: 700 } },
    });
    mkdirSync(folder, { recursive: true });
    // Two builds may run at once.
    const own = `${path}.${process.pid}`;
    writeFileSync(own, common);
    renameSync(own, path);
  }
  return folder;
}

/** Gives the page the font under @font/, and asks for it before anything is laid out. */
export function commonFont(): Plugin {
  return {
    name: 'himsg-common-font',
    config: async () => ({ resolve: { alias: { '@font': await make() } } }),
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle }) {
        const file = Object.keys(bundle ?? {}).find((one) => one.includes('pretendard-common'));
        if (file === undefined) return [];
        const attrs = { rel: 'preload', as: 'font', type: 'font/woff', crossorigin: true, href: `/${file}` };
        return [{ tag: 'link', attrs, injectTo: 'head' as const }];
      },
    },
  };
}
