/** What stands for the files of a message where there is room for one line only. */
import type { TFunction } from 'i18next';
import type { Message } from '@/bridge/types';
import { shownName } from '@/components/file-names';
import { isolated } from '@/components/isolated';
import { plainWords } from '@/features/chat/text/format';
import { kindOf } from './file-kind';

/** The core names so many files of a room's last message, and does not say how many there are. */
export const mostNamed = 3;

/** 사진, 사진 3장, 📎 보고서.pdf, 📎 보고서.pdf 외 2개. `andMore`: the names are the first ones of more, maybe. */
export function filesLine(names: readonly string[], t: TFunction<'file'>, andMore = false): string {
  const [first] = names;
  const count = names.length;
  if (first === undefined) return '';
  if (names.every((name) => kindOf(name) === 'picture')) {
    if (andMore) return t('photo_several');
    return count === 1 ? t('photo_one') : t('photo_other', { count });
  }
  const name = isolated(shownName(first));
  if (andMore) return `📎 ${t('and_several', { name })}`;
  return `📎 ${count === 1 ? name : t('and_more', { name, count: count - 1 })}`;
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
