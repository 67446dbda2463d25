import { Button } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useMirror } from '@/bridge/session-context';
import type { Failure, PersonDevice } from '@/bridge/types';
import { Avatar } from '@/components/avatar';
import { deviceFacts } from '@/components/device-words';
import { FailureNotice } from '@/components/failure-notice';
import { useNow } from '@/components/use-now';
import { listTime } from '@/i18n/time';
import styles from './devices-section.module.css';

/** The next page is loaded when its place is this near, in pixels. */
const loadsAt = 800;
const rowHeight = 64;

export interface DeviceListProps {
  devices: readonly PersonDevice[];
  more: boolean;
  /** Why the next page did not come. */
  failure: Failure | undefined;
  onMore: () => void;
  onRetry: () => void;
  onPerson: (person: string) => void;
  onRemove: (device: PersonDevice) => void;
}

/** The devices, the latest sign-in first. Only those in view are in the page. */
export function DeviceList({ devices, more, failure, onMore, onRetry, onPerson, onRemove }: DeviceListProps) {
  const { t } = useTranslation('devices');
  const { t: tc } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: devices.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => devices[index]?.session_uuid ?? index,
    overscan: 6,
  });
  const loadMore = () => {
    const element = scroller.current;
    if (element && more && element.scrollHeight - element.clientHeight - element.scrollTop < loadsAt) onMore();
  };
  useEffect(loadMore);
  return (
    <div className={styles.card}>
      <div
        ref={scroller}
        className={styles.scroller}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls can be reached by keyboard
        tabIndex={0}
        role="region"
        aria-label={t('title')}
        data-testid="devices-list"
        onScroll={loadMore}
      >
        <ul className={styles.rows} style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ index, start, key }) => {
            const device = devices[index];
            return (
              device && (
                <li
                  key={key}
                  ref={virtualizer.measureElement}
                  data-index={index}
                  className={styles.place}
                  style={{ transform: `translateY(${start}px)` }}
                  aria-setsize={more ? -1 : devices.length}
                  aria-posinset={index + 1}
                >
                  <DeviceRow device={device} onPerson={onPerson} onRemove={onRemove} />
                </li>
              )
            );
          })}
        </ul>
      </div>
      {failure && (
        <div className={styles.rest}>
          <FailureNotice failure={failure} title={t('rest_failed')} />
          <Button variant="default" onClick={onRetry}>
            {tc('retry')}
          </Button>
        </div>
      )}
    </div>
  );
}

type DeviceRowProps = Pick<DeviceListProps, 'onPerson' | 'onRemove'> & { device: PersonDevice };

function DeviceRow({ device, onPerson, onRemove }: DeviceRowProps) {
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
