// Makes what the app knows of emoji, from emojibase's data: node scripts/emoji.mjs (make generate runs it).
//
// shared/wire/emoji.txt: every emoji that may be a reaction, one a line. src/features/chat/emoji/emoji-data.json: those for
// the picker by group, with Korean and English names, words to search by and the forms by skin tone. Both hold what the
// bundled font can draw, and nothing newer: what looks like a box on a colleague's PC is no reaction.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Emoji 15.0 is what twemoji-colr-font draws. */
const newest = 15;
/** Group 2 of emojibase holds parts of other emoji (skin tones, hair). */
const parts = 2;

const frontend = join(dirname(fileURLToPath(import.meta.url)), '..');
const require = createRequire(import.meta.url);
const load = (language) => JSON.parse(readFileSync(require.resolve(`emojibase-data/${language}/data.json`), 'utf8'));
// emojibase writes U+FE0F behind some that are emoji without it; Unicode's fully qualified form, which keyboards send, has
// none there.
const qualified = (emoji) => emoji.replaceAll(/(\p{Emoji_Presentation})\uFE0F/gu, '$1');
const shown = (one) => one.group !== undefined && one.group !== parts && one.version <= newest;

const korean = load('ko')
  .filter(shown)
  .toSorted((a, b) => a.order - b.order);
const english = new Map(load('en').map((one) => [one.hexcode, one]));

const all = korean.flatMap((one) => [one, ...(one.skins ?? []).filter(shown)]);
writeFileSync(join(frontend, '../shared/wire/emoji.txt'), `${all.map((one) => qualified(one.emoji)).join('\n')}\n`);

const groups = Map.groupBy ? Map.groupBy(korean, (one) => one.group) : byGroup(korean);
const data = [...groups].map(([group, list]) => ({
  group,
  emoji: list.map((one) => {
    const en = english.get(one.hexcode);
    const words = [one.label, ...(one.tags ?? []), en?.label ?? '', ...(en?.tags ?? [])];
    // One tone for all people in it: the five forms with a single tone, from light to dark.
    const tones = (one.skins ?? []).filter((skin) => typeof skin.tone === 'number' && shown(skin));
    return {
      emoji: qualified(one.emoji),
      ko: one.label,
      en: en?.label ?? one.label,
      words: [...new Set(words.map((word) => word.toLowerCase()))].join(' '),
      ...(tones.length === 5 ? { tones: tones.map((skin) => qualified(skin.emoji)) } : {}),
    };
  }),
}));
const folder = join(frontend, 'src/features/chat/emoji');
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'emoji-data.json'), `${JSON.stringify(data)}\n`);

/** Map.groupBy for Node 20. */
function byGroup(list) {
  const out = new Map();
  for (const one of list) out.set(one.group, [...(out.get(one.group) ?? []), one]);
  return out;
}
