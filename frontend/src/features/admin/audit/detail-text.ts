import type { TFunction } from 'i18next';
import type { AuditEntry } from '@/bridge/types';
import { fileSize } from '@/components/file-names';
import { fullTime } from '@/i18n/time';
import type { resources } from '@/i18n/resources';

type Note = (typeof resources)['ko']['audit']['note'];

/** What a detail is read with. */
export interface DetailReader {
  t: TFunction<'audit'>;
  language: string;
  /** What a person, department or room is called here, if that is known. */
  called: (uuid: string) => string | undefined;
}

/**
 * A server's note of an act, in words and in one line: {"fields":["grade","position"],"rows":3} is "항목: 직급, 직책 · 행 수: 3".
 * What a person wrote, and what a newer server notes in another way, is shown as it is.
 */
export function detailText({ action, detail }: Pick<AuditEntry, 'action' | 'detail'>, reader: DetailReader): string {
  const said = sentences[action]?.(detail, reader);
  if (said !== undefined) return said;
  const note = parsed(detail);
  if (typeof note !== 'object' || note === null || Array.isArray(note)) return detail;
  return fieldsOf(note, action, reader).join(' · ');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

// --- notes with fields ------------------------------------------------------------------------------------------------

/** More of a list is only counted. */
const mostListed = 20;
const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;
const sizes = new Set(['bytes', 'max_bytes', 'person_quota', 'total_quota']);
const quotas = new Set(['person_quota', 'total_quota']);
const days = new Set(['message_days', 'file_days', 'retention_days']);
const clocks = new Set(['window_from', 'window_to']);

function fieldsOf(note: object, action: string, reader: DetailReader): string[] {
  const names: Record<string, string> = reader.t('note.name', { returnObjects: true }) satisfies Note['name'];
  return Object.entries(note)
    .map(([name, value]) => [name, valueText(name, value, action, reader)] as const)
    .filter(([, words]) => words !== '')
    .map(([name, words]) => `${names[name] ?? name}: ${words}`);
}

function valueText(name: string, value: unknown, action: string, reader: DetailReader): string {
  const { t, language } = reader;
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) {
    const listed = value
      .slice(0, mostListed)
      .map((one) => valueText(name, one, action, reader))
      .join(', ');
    return value.length > mostListed ? t('note.more', { listed, count: value.length - mostListed }) : listed;
  }
  switch (typeof value) {
    case 'object':
      return `(${fieldsOf(value, action, reader).join(', ')})`;
    case 'boolean':
      return value ? t('note.yes') : t('note.no');
    case 'number':
      if (value === 0 && quotas.has(name)) return t('note.unlimited');
      if (value === 0 && days.has(name)) return t('note.for_ever');
      if (sizes.has(name)) return fileSize(value);
      if (clocks.has(name)) return clock(value);
      return value.toLocaleString(language);
    default:
      return wordOf(name, String(value), action, reader);
  }
}

/** Minutes after midnight, by the server's clock. */
function clock(minutes: number): string {
  return [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');
}

function wordOf(name: string, value: string, action: string, reader: DetailReader): string {
  const { t, language, called } = reader;
  if (uuid.test(value)) return called(value) ?? value;
  if (name === 'expires_at' && !Number.isNaN(Date.parse(value))) return fullTime(language, Date.parse(value));
  // An integration is called what its administrator likes.
  if (name === 'name') return action === 'department_changed' ? t('note.changed') : value;
  const [, field, to] = (name === 'fields' && /^(department)=(.*)$/.exec(value)) || [];
  if (field !== undefined) {
    const department = word('fields', field, reader);
    return to ? t('note.moved_to', { field: department, to: called(to) ?? to }) : department;
  }
  return word(name, value, reader);
}

/** A word of the server's own, or itself when it is none that is known here. */
function word(kind: string, value: string, { t }: DetailReader): string {
  const words: Record<string, Record<string, string>> = t('note.value', {
    returnObjects: true,
  }) satisfies Note['value'];
  return words[kind]?.[value.replace(':', '_')] ?? value;
}

// --- notes in a sentence ----------------------------------------------------------------------------------------------

/** Reads an act's detail; undefined when it is not in the words that are known here. */
type Sentence = (detail: string, reader: DetailReader) => string | undefined;

/** The parts that a pattern finds. */
function parts(pattern: RegExp, detail: string): string[] | undefined {
  return pattern.exec(detail)?.slice(1);
}

const request: Sentence = (detail, { t }) => {
  const [id] = parts(/^request (\d+)$/, detail) ?? [];
  return id === undefined ? undefined : t('note.request', { id });
};

const access: Sentence = (detail, { t }) => {
  const [id, reason] = parts(/^request ([0-9a-f-]{36}): ([^]*)$/, detail) ?? [];
  return id === undefined ? undefined : t('note.asked', { id, reason });
};

const sentences: Record<string, Sentence> = {
  owner_created: (detail, { t }) => (detail === 'command line' ? t('note.command_line') : undefined),
  refresh_reused: (detail, { t }) => {
    const [id] = parts(/^session (\S+)$/, detail) ?? [];
    return id === undefined ? undefined : t('note.session', { id });
  },
  reset_approved: request,
  reset_rejected: request,
  password_reset: (detail, reader) => {
    const [purpose] = parts(/^(\w+) code$/, detail) ?? [];
    return purpose === undefined ? request(detail, reader) : word('purpose', purpose, reader);
  },
  code_made: (detail, reader) => word('purpose', detail, reader),
  delete_failed: (detail, reader) => word('ending', detail, reader),
  user_deleted: (detail, { t }) => {
    const [reason, id] = parts(/^([^]*) · backup (\S+)$/, detail) ?? [];
    return id === undefined ? undefined : t('note.backed_up', { reason, id });
  },
  role_changed: (detail, reader) => {
    const [from = '', to = '', reason] = parts(/^(\w+) → (\w+): ([^]*)$/, detail) ?? [];
    if (reason === undefined) return undefined;
    return reader.t('note.role_changed', { from: word('role', from, reader), to: word('role', to, reader), reason });
  },
  notice_reminded: (detail, { t }) =>
    /^\d+$/.test(detail) ? t('note.person_count', { count: Number(detail) }) : undefined,
  access_requested: access,
  access_approved: access,
  access_rejected: access,
  access_ended: access,
  content_read: (detail, { t }) => {
    const [id, what = ''] = parts(/^request ([0-9a-f-]{36}), ([^]*)$/, detail) ?? [];
    return id === undefined ? undefined : t('note.read', { id, what: whatWasRead(what, t) });
  },
  rooms_found: (detail, { t, called }) => {
    const [people] = parts(/^rooms of (.+)$/, detail) ?? [];
    if (people === undefined) return undefined;
    const names = people.split(', ').map((one) => called(one) ?? one);
    return t('note.rooms_of', { people: names.join(', ') });
  },
};

function whatWasRead(what: string, t: TFunction<'audit'>): string {
  if (what === 'rooms') return t('note.what.rooms');
  const [seq] = parts(/^after seq (\d+)$/, what) ?? [];
  if (seq !== undefined) return t('note.what.after', { seq });
  const [text] = parts(/^search ([^]*)$/, what) ?? [];
  if (text !== undefined) return t('note.what.search', { text });
  const [file] = parts(/^file (\S+)$/, what) ?? [];
  return file === undefined ? what : t('note.what.file', { file });
}
