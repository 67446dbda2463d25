/** The files of the fake's rooms: photos, documents, and names that nobody should have to read. */
import type { File, Message } from '@/bridge/types';
import type { Scene } from './real-life';

const kinds: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  gif: 'image/gif',
  pdf: 'application/pdf',
  zip: 'application/zip',
  txt: 'text/plain',
};

/** The MIME type by a name's extension. */
export function typeOf(name: string): string {
  return kinds[name.slice(name.lastIndexOf('.') + 1).toLowerCase()] ?? 'application/octet-stream';
}

/** A file that is no picture. */
export function document(id: string, name: string, size: number, change: Partial<File> = {}): File {
  return {
    file_id: id,
    name,
    size,
    type: typeOf(name),
    width: 0,
    height: 0,
    thumbnail: false,
    gone: false,
    transfer: '',
    saved: false,
    ...change,
  };
}

/** A picture; its size stands in its id, from which it is drawn. */
export function photo(place: string, name: string, width: number, height: number): File {
  const id = `photo-${place}-${width}x${height}`;
  return { ...document(id, name, width * height * 0.3), width, height, thumbnail: true };
}

const longName = `${'아주 긴 이름의 보고서 '.repeat(8)}최종_진짜최종.docx`;
const shapes = [
  [1600, 1200],
  [1200, 1600],
  [1920, 1080],
  [900, 900],
  [640, 2400],
] as const;

/** Places are counted from the end: 1 is the last message. */
const project: Record<number, () => Partial<Message>> = {
  1: () => ({ files: [document('doc-press', '보도자료_최종본.pdf', 842_000)] }),
  15: () => ({ text: '배너 시안입니다.', files: [photo('banner', '배너_시안_A.png', 1600, 900)] }),
  17: () => ({
    text: '',
    files: [
      photo('w1', 'IMG_2041.jpg', 1600, 1200),
      photo('w2', 'IMG_2042.jpg', 1200, 1600),
      photo('w3', 'IMG_2043.jpg', 1600, 1200),
    ],
  }),
  19: () => ({
    text: '견적서와 계약서 함께 드립니다.',
    files: [
      document('doc-quote', '견적서_2차(수정).xlsx', 48_211),
      document('doc-contract', '계약서.pdf', 1_204_000, { saved: true }),
      document('doc-long', longName, 9_300_000),
    ],
  }),
  21: () => ({ text: '', files: [document('doc-gone', '지난 분기 자료.zip', 7_800_000, { gone: true })] }),
  23: () => ({
    text: '',
    files: [document('doc-rlo', '초대장\u202Efdp.exe.txt', 812), document('doc-dots', '...', 12)],
  }),
};

/** Puts files into the messages of a room: into a project's as above, and now and then a photo or a document. */
export function withFiles(messages: Message[], scene: Scene): Message[] {
  if (scene.kind !== 'group') return messages;
  const isProject = scene.name === '신제품 출시 TF';
  for (const message of messages) {
    const { seq } = message;
    const fromEnd = messages.length - seq + 1;
    const free = message.kind === 'user' && message.deleted_at === 0;
    if (isProject && project[fromEnd]) Object.assign(message, project[fromEnd]());
    else if (free && fromEnd > 24 && seq % 23 === 0) {
      const [width, height] = shapes[seq % shapes.length] ?? shapes[0];
      message.files = [photo(`${seq}`, `IMG_${1_000 + seq}.jpg`, width, height)];
    } else if (free && fromEnd > 24 && seq % 37 === 0) {
      message.files = [document(`doc-${seq}`, `주간보고_${seq}.docx`, 20_000 + seq * 713)];
    }
  }
  return messages;
}
