import { useTranslation } from 'react-i18next';
import { ProxyChoice } from '@/components/proxy-choice';
import { Row, Section, useManaged, type SettingsProps } from './section';

/** How the server is reached. */
export function NetworkSection({ settings, onChange }: SettingsProps) {
  const { t } = useTranslation('settings');
  const managed = useManaged()('proxy');
  return (
    <Section title={t('network')}>
      <Row label={t('proxy')} hint={t('proxy_hint')} managed={managed}>
        <ProxyChoice proxy={settings.proxy} disabled={managed} onChange={(proxy) => onChange({ proxy })} />
      </Row>
    </Section>
  );
}
