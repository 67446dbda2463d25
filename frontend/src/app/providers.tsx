import { MantineProvider } from '@mantine/core';
import { useColorScheme } from '@mantine/hooks';
import { useEffect, useState, type ReactNode } from 'react';
import { I18nextProvider } from 'react-i18next';
import { useMirror } from '@/bridge/session-context';
import { ToastProvider } from '@/components/toast';
import { chooseLanguage, createI18n } from '@/i18n/i18n';
import { cssVariables, theme } from './theme';

export interface ProvidersProps {
  children: ReactNode;
}

/** Language, theme and size as the settings say, for everything below. */
export function Providers({ children }: ProvidersProps) {
  const settings = useMirror((mirror) => mirror.settings);
  const system = useColorScheme('light', { getInitialValueInEffect: false });
  const language = chooseLanguage(settings.language, navigator.languages);
  const [i18n] = useState(() => createI18n(language));

  useEffect(() => {
    document.documentElement.lang = language;
    void i18n.changeLanguage(language);
  }, [i18n, language]);
  // Every size is in rem, so the root's font size is the zoom.
  useEffect(() => {
    document.documentElement.style.fontSize = `${settings.zoom}%`;
  }, [settings.zoom]);

  const scheme = settings.theme === 'light' || settings.theme === 'dark' ? settings.theme : system;
  return (
    <I18nextProvider i18n={i18n}>
      <MantineProvider theme={theme} cssVariablesResolver={cssVariables} forceColorScheme={scheme}>
        <ToastProvider>{children}</ToastProvider>
      </MantineProvider>
    </I18nextProvider>
  );
}
