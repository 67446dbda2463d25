import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asFailure } from '@/bridge/failure';
import { useBridge, useMirror } from '@/bridge/session-context';
import type { About, Failure } from '@/bridge/types';
import { DiagnosisDialog } from '@/components/diagnosis/diagnosis-dialog';
import { FailureNotice } from '@/components/failure-notice';
import { UpdateButton, useUpdateWords } from '@/components/update-status';
import { LicencesDialog } from './licences-dialog';
import { Row, Section } from './section';

/** Versions and places, for whoever asks IT for help. */
export function AboutSection() {
  const { t } = useTranslation('settings');
  const { t: td } = useTranslation('diagnosis');
  const { t: tu } = useTranslation('update');
  const bridge = useBridge();
  const { server_name, server_address, server_preset, app } = useMirror((mirror) => mirror.state);
  const update = useUpdateWords(app);
  const [about, setAbout] = useState<About>();
  const [looking, setLooking] = useState(false);
  const [reading, setReading] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  useEffect(() => {
    let live = true;
    bridge.about().then(
      (found) => live && setAbout(found),
      (error: unknown) => live && setFailure(asFailure(error)),
    );
    return () => {
      live = false;
    };
  }, [bridge]);
  return (
    <Section title={t('about')}>
      {failure && <FailureNotice failure={failure} />}
      <Row label={t('server')} managed={server_preset}>
        {[server_name, server_address].filter((part) => part !== '').join(' · ')}
      </Row>
      <Row label={t('version')}>
        {about ? t('versions', { app: about.version, server: about.server_version || '–' }) : ''}
      </Row>
      {about && about.build !== '' && <Row label={t('build')}>{about.build}</Row>}
      <Row
        label={tu('title')}
        hint={[update.state, update.problem, update.looked].filter((part) => part !== '').join(' ')}
      >
        <UpdateButton app={app} />
      </Row>
      <Row label={t('platform')}>{about?.platform}</Row>
      <Row label={t('store')}>{about?.store_path}</Row>
      <Row label={td('title')} hint={td('hint')}>
        <Button variant="default" data-testid="settings-diagnosis" onClick={() => setLooking(true)}>
          {td('open')}
        </Button>
      </Row>
      <Row label={t('licences')} hint={t('licences_hint')}>
        <Button variant="default" data-testid="settings-licences" onClick={() => setReading(true)}>
          {t('licences_open')}
        </Button>
      </Row>
      {reading && <LicencesDialog onClose={() => setReading(false)} />}
      {looking && <DiagnosisDialog onClose={() => setLooking(false)} />}
    </Section>
  );
}
