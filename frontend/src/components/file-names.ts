/** Names and sizes of files as people read them. Pure. */

/** What turns or hides parts of a name; and control characters, which show as nothing. */
const tricks = /[\p{Cc}\u061C\u200B\u200C\u200E\u200F\u2028-\u202E\u2060-\u2069\uFEFF]/gu;
/** A longer ending is no extension. */
const longestExtension = 10;
/** So many letters before the extension stay in view, however narrow the place is. */
const keptLetters = 4;
/** Marks that pile up over one letter: more of them say nothing. */
const piled = /(\p{M}{3})\p{M}+/gu;

/** The name without what would turn or hide parts of it: invoice‮fdp.exe is shown as invoicefdp.exe. */
export function shownName(name: string): string {
  return name.normalize('NFC').replaceAll(tricks, '').replaceAll(piled, '$1') || '?';
}

/** The extension, in small letters; empty for none, such as of "..." and ".profile". */
export function extensionOf(name: string): string {
  const shown = shownName(name);
  const dot = shown.lastIndexOf('.');
  const extension = shown.slice(dot + 1).toLowerCase();
  const isOne = /[^.\s]/.test(shown.slice(0, Math.max(0, dot))) && extension.length <= longestExtension;
  return isOne ? extension : '';
}

const letters = new Intl.Segmenter('ko', { granularity: 'grapheme' });

/** A name in two parts: the first may be cut where there is no room, the second always stays, with the extension. */
export function nameParts(name: string): { start: string; end: string } {
  const shown = shownName(name);
  const extension = extensionOf(shown);
  const base = extension === '' ? shown : shown.slice(0, -extension.length - 1);
  const all = [...letters.segment(base)].map(({ segment }) => segment);
  const cut = Math.max(0, all.length - keptLetters);
  return { start: all.slice(0, cut).join(''), end: shown.slice(all.slice(0, cut).join('').length) };
}

const units = ['B', 'KB', 'MB', 'GB', 'TB'];

/** 812B, 48KB, 1.2MB, 10MB: as file managers show it. */
export function fileSize(bytes: number): string {
  let unit = 0;
  let left = Math.max(0, bytes);
  while (left >= 1_000 && unit < units.length - 1) {
    left /= 1_024;
    unit++;
  }
  const digits = unit > 1 && left < 9.95 ? 1 : 0;
  return `${left.toFixed(digits).replace(/\.0$/, '')}${units[unit]}`;
}
