import { Menu, SegmentedControl, Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Room } from '@/bridge/types';
import { useNow } from '@/components/use-now';
import { muteChoices, mutedForever, notifyRules } from '@/features/chat/rooms/mute';
import { useRoomActions } from '@/features/chat/rooms/use-room-actions';
import { clockTime, fullTime, sameDay } from '@/i18n/time';
import styles from './room-drawer.module.css';

const minute = 60_000;

/** What I have set for myself: notifications, favourite, place in the list, lock. It holds on all my devices. */
export function MySettings({ room }: { room: Room }) {
  const { t } = useTranslation('room');
  const { setMy } = useRoomActions();
  const id = room.room_uuid;
  return (
    <section className={styles.section} aria-label={t('my_settings')}>
      {room.kind !== 'self' && <NotifyRow room={room} />}
      {room.kind !== 'self' && <RuleRow room={room} />}
      <SwitchRow
        label={t('favourite_short')}
        checked={room.favourite}
        testId="my-favourite"
        onChange={(favourite) => setMy(id, { favourite })}
      />
      <SwitchRow
        label={t('pin_short')}
        checked={room.pinned}
        testId="my-pinned"
        onChange={(pinned) => setMy(id, { pinned })}
      />
      {room.kind !== 'self' && (
        <SwitchRow
          label={t('lock_short')}
          checked={room.locked}
          testId="my-locked"
          onChange={(locked) => setMy(id, { locked })}
        />
      )}
    </section>
  );
}

export interface SwitchRowProps {
  label: string;
  hint?: string;
  checked: boolean;
  disabled?: boolean;
  testId: string;
  onChange: (checked: boolean) => void;
}

/** A line with a switch; the server's word moves it. */
export function SwitchRow({ label, hint, checked, disabled = false, testId, onChange }: SwitchRowProps) {
  return (
    <label className={styles.row}>
      <span className={styles.label}>
        {label}
        {hint && <span className={styles.hint}>{hint}</span>}
      </span>
      <Switch
        checked={checked}
        disabled={disabled}
        aria-label={label}
        data-testid={testId}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    </label>
  );
}

/** Which messages notify while the room is not muted. */
function RuleRow({ room }: { room: Room }) {
  const { t } = useTranslation('room');
  const { setMy } = useRoomActions();
  return (
    <div className={styles.row}>
      <span className={styles.label}>{t('notify_rule')}</span>
      <SegmentedControl
        size="xs"
        aria-label={t('notify_rule')}
        data-testid="my-rule"
        value={room.notify}
        data={notifyRules.map((value) => ({ value, label: t(`rule.${value}`) }))}
        onChange={(notify) => setMy(room.room_uuid, { notify })}
      />
    </div>
  );
}

/** Turning notifications off asks for how long. */
function NotifyRow({ room }: { room: Room }) {
  const { t, i18n } = useTranslation('room');
  const { setMy } = useRoomActions();
  const now = useNow(minute);
  const muted = room.muted_until > now;
  const forever = room.muted_until >= mutedForever;
  const id = room.room_uuid;
  const time = sameDay(room.muted_until, now) ? clockTime : fullTime;
  const until = forever ? t('muted_forever') : t('muted_until', { time: time(i18n.language, room.muted_until) });
  if (muted) {
    return (
      <SwitchRow
        label={t('notify')}
        hint={until}
        checked={false}
        testId="my-notify"
        onChange={() => setMy(id, { mute_minutes: 0 })}
      />
    );
  }
  return (
    <div className={styles.row}>
      <span className={styles.label}>{t('notify')}</span>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <Switch checked readOnly aria-label={t('notify')} data-testid="my-notify" />
        </Menu.Target>
        <Menu.Dropdown>
          {muteChoices.map(({ minutes, label }) => (
            <Menu.Item key={minutes} data-testid={`my-${label}`} onClick={() => setMy(id, { mute_minutes: minutes })}>
              {t(label)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}
