/** The emoji of the picker as rows to show: recent ones, the groups, or what a search finds. Pure. */

/** One emoji of emoji-data.json, which scripts/emoji.mjs makes. */
export interface EmojiEntry {
  emoji: string;
  ko: string;
  en: string;
  /** All words that find it, in both languages, small letters. */
  words: string;
  /** The same by skin tone, from light to dark. */
  tones?: string[];
}

/** The emoji of one of Unicode's groups. */
export interface EmojiGroup {
  group: number;
  emoji: EmojiEntry[];
}

/** An emoji to press. */
export interface EmojiChoice {
  emoji: string;
  name: string;
}

/** A line of the picker: the name of a section, or a few emoji. `group` is -1 for the recent ones. */
export type EmojiRow = { kind: 'head'; group: number } | { kind: 'emoji'; group: number; choices: EmojiChoice[] };

/** How many emoji stand in a row. */
export const columns = 9;

/** The section of what was used lately. */
export const recentGroup = -1;
/** The section of what a search found. */
export const foundGroup = -2;

/** How many recent emoji are kept; Settings.recent_emoji. */
const maxRecent = 32;

export interface RowsOptions {
  query: string;
  recent: readonly string[];
  /** 0: none; 1…5 from light to dark. */
  tone: number;
  language: string;
}

/** The emoji in the chosen skin tone. */
function toned(entry: EmojiEntry, tone: number): string {
  return entry.tones?.[tone - 1] ?? entry.emoji;
}

function inRows(group: number, choices: EmojiChoice[]): EmojiRow[] {
  const rows: EmojiRow[] = [{ kind: 'head', group }];
  for (let from = 0; from < choices.length; from += columns) {
    rows.push({ kind: 'emoji', group, choices: choices.slice(from, from + columns) });
  }
  return rows;
}

/** The rows for a query; without one, everything by group behind the recent ones. */
export function emojiRows(data: readonly EmojiGroup[], options: RowsOptions): EmojiRow[] {
  const choice = (entry: EmojiEntry): EmojiChoice => ({
    emoji: toned(entry, options.tone),
    name: options.language === 'en' ? entry.en : entry.ko,
  });
  const words = options.query.normalize('NFC').toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length > 0) {
    const found = data
      .flatMap(({ emoji }) => emoji)
      .filter((entry) => words.every((word) => entry.words.includes(word) || entry.emoji === word));
    return found.length > 0 ? inRows(foundGroup, found.map(choice)) : [];
  }
  const names = new Map<string, EmojiChoice>();
  for (const { emoji } of data) {
    for (const entry of emoji) {
      for (const form of [entry.emoji, ...(entry.tones ?? [])]) names.set(form, { ...choice(entry), emoji: form });
    }
  }
  const recent = options.recent.flatMap((one) => names.get(one) ?? []);
  return [
    ...(recent.length > 0 ? inRows(recentGroup, recent) : []),
    ...data.flatMap(({ group, emoji }) => inRows(group, emoji.map(choice))),
  ];
}

/** Where an arrow key leads: the place of the next emoji, by row and column, or the same at an edge. */
export function move(rows: readonly EmojiRow[], from: Spot, key: string): Spot {
  const row = rows[from.row];
  if (row?.kind !== 'emoji') return firstSpot(rows);
  if (key === 'ArrowRight' && from.column + 1 < row.choices.length) return { ...from, column: from.column + 1 };
  if (key === 'ArrowLeft' && from.column > 0) return { ...from, column: from.column - 1 };
  const down = key === 'ArrowRight' || key === 'ArrowDown';
  const next = down
    ? rows.findIndex((one, i) => i > from.row && one.kind === 'emoji')
    : rows.findLastIndex((one, i) => i < from.row && one.kind === 'emoji');
  const target = rows[next];
  if (target?.kind !== 'emoji') return from;
  const last = target.choices.length - 1;
  const column = key === 'ArrowRight' ? 0 : key === 'ArrowLeft' ? last : Math.min(from.column, last);
  return { row: next, column };
}

/** A place among the rows. */
export interface Spot {
  row: number;
  column: number;
}

/** The first emoji that there is. */
export function firstSpot(rows: readonly EmojiRow[]): Spot {
  return {
    row: Math.max(
      0,
      rows.findIndex((row) => row.kind === 'emoji'),
    ),
    column: 0,
  };
}

/** The recent emoji after one more was used. */
export function withRecent(recent: readonly string[], emoji: string): string[] {
  return [emoji, ...recent.filter((one) => one !== emoji)].slice(0, maxRecent);
}
