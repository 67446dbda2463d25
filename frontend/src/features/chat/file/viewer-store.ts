/** Which picture is open in the viewer. One for the window: a viewer stands above everything. */
import { create } from 'zustand';
import type { RoomFile } from '@/bridge/types';

/** A picture that is to be shown, and those that are known to be beside it, the oldest first. */
export interface Viewed {
  room: string;
  fileId: string;
  known: readonly RoomFile[];
}

const store = create<{ viewed: Viewed | undefined }>(() => ({ viewed: undefined }));

/** What the viewer shows; undefined: it is closed. */
export function useViewed(): Viewed | undefined {
  return store((held) => held.viewed);
}

/** Shows a picture above everything. */
export function openViewer(viewed: Viewed): void {
  store.setState({ viewed });
}

/** Closes the viewer. */
export function closeViewer(): void {
  store.setState({ viewed: undefined });
}
