import { Menu } from '@mantine/core';
import { IconBell, IconBellOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { snoozeChoices, type Quiet } from '@/components/quiet';
import { useSnooze } from '@/components/use-quiet';
import styles from './presence-menu.module.css';

/** Menu items that turn notifications off for a while, or on again. */
export function SnoozeItems({ quiet, words }: { quiet: Quiet | undefined; words: string }) {
  const { t } = useTranslation();
  const snooze = useSnooze();
  return (
    <>
      <Menu.Label data-testid="snooze-state">{words || t('snooze.label')}</Menu.Label>
      {quiet?.why === 'snoozed' ? (
        <Menu.Item
          leftSection={<IconBell className={styles.check} aria-hidden="true" />}
          data-testid="snooze-end"
          onClick={() => snooze(0)}
        >
          {t('snooze.end')}
        </Menu.Item>
      ) : (
        snoozeChoices.map((minutes) => (
          <Menu.Item
            key={minutes}
            leftSection={<IconBellOff className={styles.check} aria-hidden="true" />}
            data-testid={`snooze-${minutes}`}
            onClick={() => snooze(minutes)}
          >
            {t(`snooze.for.${minutes}`)}
          </Menu.Item>
        ))
      )}
    </>
  );
}
