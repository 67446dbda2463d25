import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useMirror } from '@/bridge/session-context';
import type { PersonDevice } from '@/bridge/types';
import { Avatar } from '@/components/avatar';
import { deviceFacts } from '@/components/device-words';
import { useNow } from '@/components/use-now';
import { listTime } from '@/i18n/time';
import styles from './devices-section.module.css';

export interface DeviceRowProps {
  device: PersonDevice;
  onPerson: (person: string) => void;
  onRemove: (device: PersonDevice) => void;
}

/** A device: whose, what it is, and when it was there last. */
export function DeviceRow({ device, onPerson, onRemove }: DeviceRowProps) {
  const { t, i18n } = useTranslation('devices');
  const { t: tc } = useTranslation();
  const now = useNow(60_000);
  const me = useMirror((mirror) => mirror.state.me?.user_uuid);
  const picture = useMirror((mirror) => mirror.people.get(device.user_uuid)?.picture ?? '');
  const when = (at: number) => listTime(i18n.language, at, now, tc('yesterday'));
  const name = device.name === '' ? t('unnamed') : device.name;
  return (
    <div className={styles.row} data-testid="device-row" data-user={device.username}>
      <button type="button" className={styles.person} onClick={() => onPerson(device.user_uuid)}>
        <Avatar face={{ id: device.user_uuid, name: device.person_name, picture }} size="small" />
        <span className={styles.words}>
          <strong className={styles.line}>{device.person_name}</strong>
          <span className={styles.second}>{[device.username, device.department].filter(Boolean).join(' · ')}</span>
        </span>
      </button>
      <span className={styles.words}>
        <span className={styles.line}>{name}</span>
        <span className={styles.second}>{deviceFacts(device)}</span>
      </span>
      <span className={styles.times}>
        <span className={styles.second}>{t('seen', { when: when(device.last_seen_at) })}</span>
        <span className={styles.second}>{t('signed_in', { when: when(device.signed_in_at) })}</span>
      </span>
      <span className={styles.act}>
        {device.user_uuid === me ? (
          <strong>{t(device.current ? 'this_one' : 'mine')}</strong>
        ) : (
          <Button
            size="xs"
            variant="default"
            aria-label={t('remove_label', { person: device.person_name, name })}
            data-testid="device-remove"
            onClick={() => onRemove(device)}
          >
            {t('remove')}
          </Button>
        )}
      </span>
    </div>
  );
}
