/** How much room the files of a message take, known before anything has loaded: nothing jumps. Pure. Pixels at 100 %. */
import type { File } from '@/bridge/types';
import { isPicture } from './file-kind';

const widest = 320;
const highest = 400;
const narrowest = 112;
const lowest = 72;
const gap = 4;
const cardHeight = 60;
const saveAllHeight = 32;
/** So many pictures of one message show; the last one says how many more there are. */
export const mostShown = 9;

/** A width and a height. */
export interface Box {
  width: number;
  height: number;
}

/** The place of a single picture: its shape, within bounds. What is longer than that is cut. */
export function pictureBox({ width, height }: Box): Box {
  const scale = Math.min(1, widest / width, highest / height);
  return {
    width: Math.round(Math.max(narrowest, width * scale)),
    height: Math.round(Math.max(lowest, height * scale)),
  };
}

/** The columns of several pictures, and the side of each of their squares. */
export function pictureGrid(count: number): { columns: number; side: number } {
  const columns = count === 2 || count === 4 ? 2 : 3;
  return { columns, side: Math.floor((widest - (columns - 1) * gap) / columns) };
}

/** How high the files of a message are. */
export function filesHeight(files: readonly File[]): number {
  if (files.length === 0) return 0;
  const pictures = files.filter(isPicture);
  const cards = files.length - pictures.length;
  const [only] = pictures;
  const { columns, side } = pictureGrid(pictures.length);
  const rows = Math.ceil(Math.min(pictures.length, mostShown) / columns);
  const ofPictures = pictures.length === 1 && only ? pictureBox(only).height : rows * (side + gap);
  return ofPictures + cards * (cardHeight + gap) + (files.length > 1 ? saveAllHeight : 0);
}
