/** What a file is, by its name: for its icon, and for what can be done with it. Pure. */
import type { File } from '@/bridge/types';
import { extensionOf } from '@/components/file-names';

export type FileKind = 'picture' | 'pdf' | 'document' | 'sheet' | 'slides' | 'archive' | 'text' | 'other';

const kinds: Record<string, FileKind> = {
  png: 'picture',
  jpg: 'picture',
  jpeg: 'picture',
  gif: 'picture',
  pdf: 'pdf',
  doc: 'document',
  docx: 'document',
  hwp: 'document',
  hwpx: 'document',
  xls: 'sheet',
  xlsx: 'sheet',
  csv: 'sheet',
  ppt: 'slides',
  pptx: 'slides',
  zip: 'archive',
  rar: 'archive',
  '7z': 'archive',
  txt: 'text',
};

/** The kind that a name says; the server has checked that the content agrees. */
export function kindOf(name: string): FileKind {
  return kinds[extensionOf(name)] ?? 'other';
}

/** Reports whether a file of a message is shown as a picture: its size is known, so it has its place before it loads. */
export function isPicture(file: File): boolean {
  return file.width > 0 && file.height > 0 && (file.thumbnail || file.transfer !== '');
}

/** The pictures that the viewer can show. */
export function viewable(files: readonly File[]): File[] {
  return files.filter((file) => isPicture(file) && file.file_id !== '' && !file.gone);
}
