import { useTranslation } from 'react-i18next';
import { useMirror } from '@/bridge/session-context';
import type { AuditEntry } from '@/bridge/types';
import type { resources } from '@/i18n/resources';
import { useTexts } from '@/i18n/use-texts';
import { detailText } from './detail-text';

type Act = keyof (typeof resources)['ko']['audit']['action'];

/** The acts that have a name here. A newer server's others are shown as it calls them. */
export function useActNames() {
  const { t } = useTranslation('audit');
  const names: Record<string, string> = t('action', { returnObjects: true }) satisfies Record<Act, string>;
  return names;
}

/** How an entry is told: who did what, on whom. */
export function useActWords() {
  const { t } = useTranslation('audit');
  const names = useActNames();
  const people = useMirror((mirror) => mirror.people);
  // Who waits for an approval or was rejected is in no directory: the server says who he is.
  const named = (name: string, username: string) => t('name_and_id', { name, username });
  return ({ actor_uuid, actor_name, action, subject, subject_name, subject_username }: AuditEntry) => ({
    who: actor_uuid === '' ? t('system') : actor_name === '' ? t('unknown') : actor_name,
    act: names[action] ?? action,
    subject:
      people.get(subject)?.name ?? (subject_name && subject_username ? named(subject_name, subject_username) : subject),
  });
}

/** What an entry says of its act, in words. */
export function useDetailText() {
  const { t, language } = useTexts('audit');
  const people = useMirror((mirror) => mirror.people);
  const departments = useMirror((mirror) => mirror.departments);
  const rooms = useMirror((mirror) => mirror.rooms);
  // Of the rooms, those that have a name and that the reader is in himself.
  const called = (uuid: string) =>
    people.get(uuid)?.name ?? departments.get(uuid)?.name ?? (rooms.get(uuid)?.name || undefined);
  return (entry: AuditEntry) => detailText(entry, { t, language, called });
}
