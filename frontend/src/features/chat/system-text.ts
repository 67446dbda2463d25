import type { TFunction } from 'i18next';
import type { SystemNotice } from '@/bridge/types';
import { personName, type People } from '@/components/names';

/** Words what the server says about a room, in the user's language. */
export function systemText(notice: SystemNotice, people: People, t: TFunction<'chat'>, tc: TFunction): string {
  const named = (uuid: string) => t('system.person', { name: personName(people, uuid, tc) });
  const actor = notice.actor_uuid ? named(notice.actor_uuid) : '';
  const [first = '', ...others] = notice.user_uuids ?? [];
  const users =
    others.length === 0
      ? named(first)
      : t('system.and_others', { name: personName(people, first, tc), count: others.length });
  const name = notice.name ?? '';
  switch (notice.action) {
    case 'created':
      return name === '' ? t('system.created', { actor }) : t('system.created_named', { actor, name });
    case 'joined':
      return actor === '' || first === notice.actor_uuid
        ? t('system.joined_self', { users })
        : t('system.joined', { actor, users });
    case 'left':
      return t('system.left', { users: first === '' ? actor : users });
    case 'removed':
      return t('system.removed', { actor, users });
    case 'renamed':
      return t('system.renamed', { actor, name });
    default:
      return t('system.other');
  }
}
