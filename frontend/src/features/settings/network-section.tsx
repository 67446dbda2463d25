import { SegmentedControl, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Row, Section, useManaged, type SettingsProps } from './section';

/** As core.ParseProxy takes it; the core looks again. */
const proxyAddress = /^(https?:\/\/)?([^\s/:@?#]+|\[[0-9a-f:]+\]):\d{1,5}\/?$/i;

/** How the server is reached. */
export function NetworkSection({ settings, onChange }: SettingsProps) {
  const { t } = useTranslation('settings');
  const managed = useManaged()('proxy');
  const [mode, setMode] = useState(settings.proxy.mode);
  const choose = (next: string) => {
    setMode(next);
    if (next !== 'manual') onChange({ proxy: { mode: next, address: '' } });
  };
  return (
    <Section title={t('network')}>
      <Row label={t('proxy')} hint={t('proxy_hint')} managed={managed}>
        <SegmentedControl
          aria-label={t('proxy')}
          data-testid="settings-proxy"
          value={mode}
          disabled={managed}
          data={[
            { value: 'system', label: t('proxy_system') },
            { value: 'none', label: t('proxy_none') },
            { value: 'manual', label: t('proxy_manual') },
          ]}
          onChange={choose}
        />
      </Row>
      {mode === 'manual' && (
        <Row label={t('proxy_address')} hint={t('proxy_address_hint')}>
          <ProxyAddress
            held={settings.proxy.address}
            disabled={managed}
            onDone={(address) => onChange({ proxy: { mode: 'manual', address } })}
          />
        </Row>
      )}
    </Section>
  );
}

interface ProxyAddressProps {
  held: string;
  disabled: boolean;
  onDone: (address: string) => void;
}

/** The address is kept when the field is left, or with Enter. */
function ProxyAddress({ held, disabled, onDone }: ProxyAddressProps) {
  const { t } = useTranslation('settings');
  const [typed, setTyped] = useState(held);
  const [wrong, setWrong] = useState(false);
  const done = () => {
    const address = typed.trim();
    const ok = proxyAddress.test(address);
    setWrong(!ok);
    if (ok && address !== held) onDone(address);
  };
  return (
    <TextInput
      aria-label={t('proxy_address')}
      data-testid="settings-proxy-address"
      value={typed}
      disabled={disabled}
      maxLength={300}
      error={wrong ? t('proxy_wrong') : undefined}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={done}
      onKeyDown={(event) => {
        if (event.key === 'Enter') done();
      }}
    />
  );
}
