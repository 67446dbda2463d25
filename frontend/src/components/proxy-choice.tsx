import { SegmentedControl, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Proxy } from '@/bridge/types';
import styles from './proxy-choice.module.css';

/** As core.ParseProxy takes it; the core looks again. */
const proxyAddress = /^(https?:\/\/)?([^\s/:@?#]+|\[[0-9a-f:]+\]):\d{1,5}\/?$/i;

export interface ProxyChoiceProps {
  proxy: Proxy;
  disabled: boolean;
  onChange: (proxy: Proxy) => void;
}

/** How the server is reached. An address by hand is kept when the field is left, or with Enter. */
export function ProxyChoice({ proxy, disabled, onChange }: ProxyChoiceProps) {
  const { t } = useTranslation('settings');
  const [mode, setMode] = useState(proxy.mode);
  const [typed, setTyped] = useState(proxy.address);
  const [wrong, setWrong] = useState(false);
  const choose = (next: string) => {
    setMode(next);
    setWrong(false);
    if (next !== 'manual') onChange({ mode: next, address: '' });
  };
  const done = () => {
    const address = typed.trim();
    const ok = proxyAddress.test(address);
    setWrong(!ok);
    if (ok && address !== proxy.address) onChange({ mode: 'manual', address });
  };
  return (
    <div className={styles.choice}>
      <SegmentedControl
        aria-label={t('proxy')}
        data-testid="settings-proxy"
        value={mode}
        disabled={disabled}
        data={[
          { value: 'system', label: t('proxy_system') },
          { value: 'none', label: t('proxy_none') },
          { value: 'manual', label: t('proxy_manual') },
        ]}
        onChange={choose}
      />
      {mode === 'manual' && (
        <TextInput
          aria-label={t('proxy_address')}
          placeholder={t('proxy_address_hint')}
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
      )}
    </div>
  );
}
