/** Photos by month, as a drawer shows them. Pure. */
import type { RoomFile } from '@/bridge/types';

/** The photos of one month, the newest first; `at` is the newest one's time. */
export interface Month {
  at: number;
  photos: readonly RoomFile[];
}

/** Cuts photos, the newest first, where a month ends. */
export function months(photos: readonly RoomFile[]): Month[] {
  const found: { key: string; at: number; photos: RoomFile[] }[] = [];
  for (const photo of photos) {
    const day = new Date(photo.at);
    const key = `${day.getFullYear()}-${day.getMonth()}`;
    const last = found.at(-1);
    if (last?.key === key) last.photos.push(photo);
    else found.push({ key, at: photo.at, photos: [photo] });
  }
  return found;
}
