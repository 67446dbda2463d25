import { Menu } from '@mantine/core';
import { IconBellOff, IconCheck, IconUser } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Me } from '@/bridge/types';
import { Avatar } from '@/components/avatar';
import { faceOf } from '@/components/names';
import { useQuiet } from '@/components/use-quiet';
import styles from './presence-menu.module.css';
import { SnoozeItems } from './snooze-items';

const states = ['active', 'away', 'dnd'] as const;

function known(state: string) {
  return states.find((one) => one === state) ?? 'off';
}

export interface PresenceMenuProps {
  me: Me;
  onPresence: (state: string) => void;
  onProfile: () => void;
}

/** One's own picture; pressing it offers one's status and profile. */
export function PresenceMenu({ me, onPresence, onProfile }: PresenceMenuProps) {
  const { t } = useTranslation();
  const state = known(me.presence);
  const { quiet, words } = useQuiet(me.presence);
  return (
    <Menu position="right-start" width={230}>
      <Menu.Target>
        <button
          type="button"
          className={styles.me}
          aria-label={[t('presence.change', { state: t(`presence.${state}`) }), words].join(' ').trim()}
          data-testid="rail-me"
        >
          <Avatar face={faceOf(me)} size="middle" presence={me.presence} />
          {quiet && (
            <span className={styles.quiet} title={words} data-testid="rail-quiet">
              <IconBellOff aria-hidden="true" />
            </span>
          )}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{me.name}</Menu.Label>
        {states.map((one) => (
          <Menu.Item
            key={one}
            leftSection={<span className={styles.dot} data-presence={one} />}
            rightSection={one === state ? <IconCheck className={styles.check} aria-hidden="true" /> : undefined}
            data-testid={`presence-${one}`}
            onClick={() => onPresence(one)}
          >
            {t(`presence.${one}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <SnoozeItems quiet={quiet} words={words} />
        <Menu.Divider />
        <Menu.Item leftSection={<IconUser className={styles.check} aria-hidden="true" />} onClick={onProfile}>
          {t('profile.title')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
