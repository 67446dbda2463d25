/** What stands for the files of a message where there is room for one line only. */
import type { TFunction } from 'i18next';
import type { Message } from '@/bridge/types';
import { shownName } from '@/components/file-names';
import { isolated } from '@/components/isolated';
import { plainWords } from '@/components/text/format';
import { kindOf } from './file-kind';

/** How many files there are, how many of them are photos, and what the first is called. */
interface Counted {
  first: string | undefined;
  count: number;
  photos: number;
}

/** 사진, 사진 3장, 📎 보고서.pdf, 📎 파일 3개: 보고서.pdf …; empty for none. */
export function countedLine({ first, count, photos }: Counted, t: TFunction<'file'>): string {
  if (first === undefined || count === 0) return '';
  if (photos === count) return count === 1 ? t('photo_one') : t('photo_other', { count });
  const name = isolated(shownName(first));
  return `📎 ${count === 1 ? name : t('several', { name, count })}`;
}

/** countedLine of files by their names. */
export function filesLine(names: readonly string[], t: TFunction<'file'>): string {
  const photos = names.filter((name) => kindOf(name) === 'picture').length;
  return countedLine({ first: names[0], count: names.length, photos }, t);
}

/** A message in one line: its text, or what its files are. */
export function messageLine(message: Message, t: TFunction<'file'>): string {
  const words = plainWords(message.text);
  if (message.files.length === 0) return words;
  const files = filesLine(
    message.files.map((file) => file.name),
    t,
  );
  return words.trim() === '' ? files : `${files} ${words}`;
}
