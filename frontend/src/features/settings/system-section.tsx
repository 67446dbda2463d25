import { NativeSelect, Switch } from '@mantine/core';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { useMirror } from '@/bridge/session-context';
import { Row, Section, useManaged, type SettingsProps } from './section';

/** How the app behaves on this PC. */
export function SystemSection({ settings, onChange }: SettingsProps) {
  const { t } = useTranslation('settings');
  const managed = useManaged();
  return (
    <Section title={t('app')}>
      <Row label={t('autostart')} hint={t('autostart_hint')} managed={managed('autostart')}>
        <Switch
          aria-label={t('autostart')}
          checked={settings.autostart}
          disabled={managed('autostart')}
          data-testid="settings-autostart"
          onChange={(event) => onChange({ autostart: event.currentTarget.checked })}
        />
      </Row>
      <Row label={t('close_to_tray')} hint={t('close_to_tray_hint')} managed={managed('close_to_tray')}>
        <Switch
          aria-label={t('close_to_tray')}
          checked={settings.close_to_tray}
          disabled={managed('close_to_tray')}
          data-testid="settings-close-to-tray"
          onChange={(event) => onChange({ close_to_tray: event.currentTarget.checked })}
        />
      </Row>
      <Row label={t('away')} hint={t('away_hint')}>
        <NativeSelect
          aria-label={t('away')}
          data-testid="settings-away"
          value={String(settings.away_minutes)}
          data={choices(awayMinutes, settings.away_minutes, t)}
          onChange={(event) => onChange({ away_minutes: Number(event.currentTarget.value) })}
        />
      </Row>
      <IdleLockRow settings={settings} onChange={onChange} />
      <HotkeyRow settings={settings} onChange={onChange} />
    </Section>
  );
}

const awayMinutes = [0, 5, 10, 15, 30, 60];
const lockMinutes = [0, 1, 3, 5, 10, 15, 30, 60];

/** The usual choices, and what is set if it is none of them. */
function choices(usual: readonly number[], set: number, t: TFunction<'settings'>) {
  const all = usual.includes(set) ? usual : [...usual, set].toSorted((a, b) => a - b);
  return all.map((count) => ({ value: String(count), label: count === 0 ? t('never') : t('minutes', { count }) }));
}

const hotkeys = ['', 'ctrl+alt+h', 'ctrl+alt+m', 'ctrl+alt+space', 'ctrl+shift+space', 'alt+shift+h', 'super+f12'];

/** The keys that bring the window up. What the desktop says of them stands beside the field. */
function HotkeyRow({ settings, onChange }: SettingsProps) {
  const { t } = useTranslation('settings');
  const managed = useManaged();
  const state = useMirror((mirror) => mirror.state.hotkey);
  const unsupported = state === 'unsupported';
  const all = hotkeys.includes(settings.hotkey) ? hotkeys : [...hotkeys, settings.hotkey];
  const problem = state === 'taken' || state === 'failed' ? t(`hotkey_${state}`) : undefined;
  return (
    <Row label={t('hotkey')} hint={t(unsupported ? 'hotkey_unsupported' : 'hotkey_hint')} managed={managed('hotkey')}>
      <NativeSelect
        aria-label={t('hotkey')}
        data-testid="settings-hotkey"
        value={settings.hotkey}
        disabled={unsupported || managed('hotkey')}
        error={problem}
        data={all.map((keys) => ({ value: keys, label: keys === '' ? t('hotkey_none') : keyNames(keys) }))}
        onChange={(event) => onChange({ hotkey: event.currentTarget.value })}
      />
    </Row>
  );
}

/** As the keys are labelled: Ctrl+Alt+H. */
function keyNames(keys: string): string {
  return keys
    .split('+')
    .map((key) => key.charAt(0).toUpperCase() + key.slice(1))
    .join('+');
}

/** The administrator may set the longest time; a shorter one stays the user's choice. */
function IdleLockRow({ settings, onChange }: SettingsProps) {
  const { t } = useTranslation('settings');
  const most = useMirror((mirror) => mirror.state.idle_lock_most);
  const allowed = lockMinutes.filter((minutes) => most === 0 || (minutes > 0 && minutes <= most));
  return (
    <Row label={t('idle_lock')} hint={t('idle_lock_hint')} managed={most > 0}>
      <NativeSelect
        aria-label={t('idle_lock')}
        data-testid="settings-idle-lock"
        value={String(settings.idle_lock_minutes)}
        data={choices(allowed, settings.idle_lock_minutes, t)}
        onChange={(event) => onChange({ idle_lock_minutes: Number(event.currentTarget.value) })}
      />
    </Row>
  );
}
