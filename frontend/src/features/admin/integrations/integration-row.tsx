import { Menu } from '@mantine/core';
import { IconDots, IconKey, IconPlayerPause, IconPlayerPlay, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useMirror } from '@/bridge/session-context';
import type { Integration } from '@/bridge/types';
import { Avatar } from '@/components/avatar';
import { IconButton } from '@/components/icon-button';
import { isolated } from '@/components/isolated';
import { personName, roomTitle } from '@/components/names';
import { fullTime } from '@/i18n/time';
import type { IntegrationAct } from './integration-dialog';
import { kinds, scopeKeys, scopes, standingOf } from './integrations-model';
import styles from './integrations.module.css';

export interface IntegrationRowProps {
  integration: Integration;
  /** Asks whether to do something with it; without it one may only look. */
  onAct: ((act: IntegrationAct) => void) | undefined;
}

/** One webhook or token: what it is, where, how it stands, and what went wrong last. */
export function IntegrationRow({ integration, onAct }: IntegrationRowProps) {
  const { t, i18n } = useTranslation('integrations');
  const { kind, name, icon, bot_uuid, last_used_at, expires_at, skipped, waiting } = integration;
  const standing = standingOf(integration);
  const known = kinds.find((one) => one === kind);
  const places = usePlaces(integration);
  const failure = useFailureWords(integration);
  const time = (at: number) => fullTime(i18n.language, at);
  return (
    <div className={styles.row} data-testid="integration-row" data-standing={standing}>
      <Avatar face={{ id: bot_uuid, name, icon, bot: true }} size="middle" />
      <span className={styles.words}>
        <span className={styles.head}>
          <strong className={styles.name}>{isolated(name)}</strong>
          <span className={styles.kind}>{known ? t(`kind.${known}`) : kind}</span>
          <span className={styles.mark} data-standing={standing}>
            {t(`standing.${standing}`)}
          </span>
        </span>
        <span className={styles.small}>{places}</span>
        <span className={styles.small}>
          {last_used_at === 0 ? t('never_used') : t('last_used', { when: time(last_used_at) })}
          {expires_at > 0 && ` · ${t('expires', { when: time(expires_at) })}`}
          {waiting > 0 && ` · ${t('waiting', { count: waiting })}`}
          {skipped > 0 && ` · ${t('skipped', { count: skipped })}`}
        </span>
        {failure !== '' && (
          <span className={styles.failure} data-testid="integration-failure">
            {failure}
          </span>
        )}
      </span>
      {onAct && <ActMenu integration={integration} onAct={onAct} />}
    </div>
  );
}

/** Where it speaks or listens, what a token may do, and who made it. */
function usePlaces({ rooms, scopes: has, url, created_by }: Integration): string {
  const { t } = useTranslation('integrations');
  const { t: tc } = useTranslation();
  const held = useMirror((mirror) => mirror.rooms);
  const people = useMirror((mirror) => mirror.people);
  const me = useMirror((mirror) => mirror.state.me?.user_uuid ?? '');
  const names = rooms.map(({ room_uuid, name, closed }) => {
    const room = held.get(room_uuid);
    const said = isolated(room ? roomTitle(room, people, me, tc) : name === '' ? t('unnamed_room') : name);
    return closed ? t('closed_room', { name: said }) : said;
  });
  const may = scopes.filter((scope) => has.includes(scope)).map((scope) => t(`scope.${scopeKeys[scope]}`));
  return [names.join(', '), may.join(', '), url, t('made_by', { name: isolated(personName(people, created_by, tc)) })]
    .filter((part) => part !== '')
    .join(' · ');
}

const failures = [
  'rate',
  'body',
  'room',
  'expired',
  'status',
  'redirect',
  'timeout',
  'address',
  'name',
  'tls',
  'connect',
] as const;

/** What went wrong last, and when it is tried again. A newer server's causes are shown as it calls them. */
function useFailureWords({ last_failure, last_status, last_failed_at, next_try_at, state }: Integration): string {
  const { t, i18n } = useTranslation('integrations');
  if (last_failure === '') return '';
  const known = failures.find((one) => one === last_failure);
  const cause = known ? t(`failure.${known}`, { status: last_status }) : last_failure;
  const said = t('failed_at', { when: fullTime(i18n.language, last_failed_at), cause });
  if (state !== 'active' || next_try_at === 0) return said;
  return `${said} · ${t('next_try', { when: fullTime(i18n.language, next_try_at) })}`;
}

function ActMenu({ integration, onAct }: { integration: Integration; onAct: (act: IntegrationAct) => void }) {
  const { t } = useTranslation('integrations');
  const isOff = integration.state === 'disabled' || integration.state === 'failed';
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <IconButton label={t('acts', { name: integration.name })} testId="integration-acts">
          <IconDots size="1.25rem" aria-hidden="true" />
        </IconButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconKey size="1rem" />}
          data-testid="integration-rotate"
          onClick={() => onAct('rotate')}
        >
          {t('act.rotate')}
        </Menu.Item>
        {isOff ? (
          <Menu.Item
            leftSection={<IconPlayerPlay size="1rem" />}
            data-testid="integration-enable"
            onClick={() => onAct('enable')}
          >
            {t('act.enable')}
          </Menu.Item>
        ) : (
          <Menu.Item
            leftSection={<IconPlayerPause size="1rem" />}
            data-testid="integration-disable"
            onClick={() => onAct('disable')}
          >
            {t('act.disable')}
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Item
          className={styles.danger}
          leftSection={<IconTrash size="1rem" />}
          data-testid="integration-remove"
          onClick={() => onAct('remove')}
        >
          {t('act.remove')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
