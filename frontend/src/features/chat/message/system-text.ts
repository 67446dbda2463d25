import type { TFunction } from 'i18next';
import type { SystemNotice } from '@/bridge/types';
import { isolated } from '@/components/isolated';
import { personName, type People } from '@/components/names';

/** Words what the server says about a room, in the user's language. */
export function systemText(notice: SystemNotice, people: People, t: TFunction<'chat'>, tc: TFunction): string {
  const called = (uuid: string) => isolated(personName(people, uuid, tc));
  const named = (uuid: string) => t('system.person', { name: called(uuid) });
  const actor = notice.actor_uuid ? named(notice.actor_uuid) : '';
  const uuids = notice.user_uuids ?? [];
  const [first = ''] = uuids;
  // Of many people only the first are in it; the count is of all.
  const others = Math.max(notice.count ?? 0, uuids.length) - 1;
  const users = others > 0 ? t('system.and_others', { name: called(first), count: others }) : named(first);
  const name = isolated(notice.name ?? '');
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
    case 'picture':
      return t('system.picture', { actor });
    case 'history':
      return t(notice.name === 'all' ? 'system.history_all' : 'system.history_joined', { actor });
    case 'role':
      return t(notice.name === 'owner' ? 'system.role_owner' : 'system.role_member', { actor, users });
    case 'frozen':
      return t('system.frozen');
    case 'pinned':
      return t('system.pinned', { actor });
    case 'bot_writes':
      return t('system.bot_writes', { actor, name });
    case 'bot_reads':
      return t('system.bot_reads', { actor, name });
    case 'bot_both':
      return t('system.bot_both', { actor, name });
    case 'bot_gone':
      return t('system.bot_gone', { actor, name });
    default:
      return t('system.other');
  }
}
