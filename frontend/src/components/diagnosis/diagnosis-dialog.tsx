import { Button, Group } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge, useMirror } from '@/bridge/session-context';
import type { Finding } from '@/bridge/types';
import { Dialog } from '@/components/dialog';
import { FailureNotice } from '@/components/failure-notice';
import { Notice } from '@/components/notice';
import { ProgressBar } from '@/components/progress-bar';
import { ProxyChoice } from '@/components/proxy-choice';
import { useToast } from '@/components/toast';
import { useTask } from '@/components/use-task';
import styles from './diagnosis-dialog.module.css';
import { FindingRow } from './finding-row';

/** Looks at everything between the app and its work, and says of each thing how it is and what to do. */
export function DiagnosisDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('diagnosis');
  const bridge = useBridge();
  const toast = useToast();
  const { busy, failure, run } = useTask();
  const findings = useMirror((mirror) => mirror.diagnosis?.findings ?? none);
  const running = useMirror((mirror) => mirror.diagnosis?.running ?? false) || busy;
  useEffect(() => void run(() => bridge.diagnose()), [bridge, run]);
  const copy = async () => {
    try {
      await bridge.copyText(await bridge.diagnosisText());
      toast(t('copied'));
    } catch {
      toast(t('copy_failed'));
    }
  };
  return (
    <Dialog title={t('title')} width={720} onClose={onClose}>
      <div className={styles.dialog}>
        {failure ? <FailureNotice failure={failure} /> : <Summary findings={findings} running={running} />}
        <ul className={styles.list} aria-label={t('list')}>
          {findings.map((finding) => (
            <FindingRow key={finding.check} finding={finding} />
          ))}
        </ul>
        <Proxy />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" disabled={running} data-testid="diagnosis-copy" onClick={() => void copy()}>
            {t('copy')}
          </Button>
          <Button loading={running} data-testid="diagnosis-again" onClick={() => void run(() => bridge.diagnose())}>
            {t('again')}
          </Button>
        </Group>
      </div>
    </Dialog>
  );
}

const none: Finding[] = [];

/** How far it is; then, in one line, how things are. */
function Summary({ findings, running }: { findings: readonly Finding[]; running: boolean }) {
  const { t } = useTranslation('diagnosis');
  const count = (state: string) => findings.filter((finding) => finding.state === state).length;
  if (running) {
    const done = findings.length - count('waiting');
    const text = t('running', { done, all: findings.length });
    return (
      <div className={styles.progress} role="status">
        <span>{text}</span>
        <ProgressBar label={text} done={done} of={findings.length} />
      </div>
    );
  }
  const wrong = count('bad');
  const warned = count('warn');
  const words = [wrong > 0 && t('wrong', { count: wrong }), warned > 0 && t('warned', { count: warned })];
  return (
    <Notice kind={wrong > 0 ? 'danger' : warned > 0 ? 'warn' : 'ok'} testId="diagnosis-summary">
      {words.filter((word) => word !== false).join(' · ') || t('fine')}
    </Notice>
  );
}

/** The proxy is chosen here as well: who can't reach the server can't reach the settings either. */
function Proxy() {
  const { t } = useTranslation('settings');
  const bridge = useBridge();
  const saving = useTask();
  const settings = useMirror((mirror) => mirror.settings);
  const managed = useMirror((mirror) => mirror.state.managed.includes('proxy'));
  return (
    <div className={styles.proxy}>
      <span>
        {t('proxy')}
        {managed && <strong className={styles.managed}>{t('managed')}</strong>}
      </span>
      <ProxyChoice
        proxy={settings.proxy}
        disabled={managed}
        onChange={(proxy) => void saving.run(() => bridge.saveSettings({ ...settings, proxy }))}
      />
      {saving.failure && <FailureNotice failure={saving.failure} />}
    </div>
  );
}
