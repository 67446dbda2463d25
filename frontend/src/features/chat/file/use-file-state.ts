import { useMirror } from '@/bridge/session-context';
import type { File } from '@/bridge/types';
import { fileState, transferOf, type FileState } from './transfer-state';

/** Where a file stands; the component renders again when that changes. */
export function useFileState(file: File): FileState {
  return fileState(
    file,
    useMirror((mirror) => transferOf(mirror.transfers, file)),
  );
}
