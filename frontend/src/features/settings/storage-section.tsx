import { Button, NativeSelect } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge } from '@/bridge/session-context';
import { ConfirmDialog } from '@/components/confirm-dialog';
import { FailureNotice } from '@/components/failure-notice';
import { fileSize } from '@/components/file-names';
import { useTask } from '@/components/use-task';
import { useToast } from '@/components/toast';
import { Row, Section, type SettingsProps } from './section';

/** core.CacheChoices, in MiB. */
const limits = [100, 250, 500, 1000];

/** How much room pictures may take on this PC, how much they do, and how to get it back. */
export function StorageSection({ settings, onChange }: SettingsProps) {
  const { t } = useTranslation('settings');
  const bridge = useBridge();
  const toast = useToast();
  const clearing = useTask();
  const [asking, setAsking] = useState(false);
  const [asked, setAsked] = useState(0);
  const held = useCacheBytes(`${asked}/${settings.cache_mb}`);
  const clear = async () => {
    const cleared = await clearing.run(() => bridge.clearCache());
    setAsking(false);
    if (!cleared) return;
    setAsked(asked + 1);
    toast(t('cache_cleared'));
  };
  return (
    <Section title={t('storage')}>
      {clearing.failure && <FailureNotice failure={clearing.failure} />}
      <Row label={t('cache')} hint={t('cache_hint')}>
        <span data-testid="settings-cache-size">
          {held === undefined ? '' : t('cache_now', { size: fileSize(held) })}
        </span>
      </Row>
      <Row label={t('cache_limit')} hint={t('cache_limit_hint')}>
        <NativeSelect
          aria-label={t('cache_limit')}
          data-testid="settings-cache-limit"
          value={String(settings.cache_mb)}
          data={limits.map((limit) => ({ value: String(limit), label: limit === 1000 ? '1GB' : `${limit}MB` }))}
          onChange={(event) => onChange({ cache_mb: Number(event.currentTarget.value) })}
        />
      </Row>
      <Row label={t('cache_clear')} hint={t('cache_clear_hint')}>
        <Button
          variant="default"
          loading={clearing.busy}
          disabled={held === 0}
          data-testid="settings-cache-clear"
          onClick={() => setAsking(true)}
        >
          {t('cache_clear_button')}
        </Button>
      </Row>
      {asking && (
        <ConfirmDialog
          title={t('cache_clear_title')}
          okLabel={t('cache_clear_button')}
          busy={clearing.busy}
          onOk={() => void clear()}
          onClose={() => setAsking(false)}
        >
          {t('cache_clear_text')}
        </ConfirmDialog>
      )}
    </Section>
  );
}

/** How many bytes are kept; asked for again when `when` changes. */
function useCacheBytes(when: string): number | undefined {
  const bridge = useBridge();
  const [held, setHeld] = useState<number>();
  useEffect(() => {
    let live = true;
    bridge.storage().then(
      (found) => live && setHeld(found.cache_bytes),
      () => undefined, // it is said as soon as it is known
    );
    return () => {
      live = false;
    };
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- see above
  }, [bridge, when]);
  return held;
}
