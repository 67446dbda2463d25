/** The rows of a drawer's list: months and photos, three in a row, or files. Pure. */
import type { RoomFile } from '@/bridge/types';
import { months } from './months';

/** So many photos stand in a row. */
export const photosInRow = 3;

export type ListedRow =
  | { kind: 'month'; key: string; at: number }
  | { kind: 'photos'; key: string; photos: readonly RoomFile[] }
  | { kind: 'file'; key: string; file: RoomFile };

const keyOf = ({ seq, file }: RoomFile) => `${seq}-${file.file_id}`;

/** The rows of files, the newest first. */
export function fileRows(kind: 'photo' | 'other', files: readonly RoomFile[]): ListedRow[] {
  if (kind === 'other') return files.map((file) => ({ kind: 'file', key: keyOf(file), file }));
  return months(files).flatMap(({ at, photos }) => {
    const rows: ListedRow[] = [{ kind: 'month', key: `month-${at}`, at }];
    for (let from = 0; from < photos.length; from += photosInRow) {
      const some = photos.slice(from, from + photosInRow);
      rows.push({ kind: 'photos', key: some.map(keyOf).join(' '), photos: some });
    }
    return rows;
  });
}
