import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useBridge } from '@/bridge/session-context';
import type { AppUpdate } from '@/bridge/types';
import { fullTime } from '@/i18n/time';
import type { resources } from '@/i18n/resources';
import { useToast } from './toast';
import { useFailureText } from './failure-notice';
import { asFailure } from '@/bridge/failure';

type Problem = keyof (typeof resources)['ko']['update']['problem'];

/** What is said of an update: how far it is, and why it goes no further. */
export function useUpdateWords(app: AppUpdate): { state: string; problem: string; looked: string } {
  const { t, i18n } = useTranslation('update');
  const { version, percent } = app;
  const states: Record<string, string> = {
    off: t('off'),
    unknown: app.looked_at > 0 && app.problem === '' ? t('none') : t('unknown'),
    current: t('current'),
    offered: app.mine ? t('offered_mine', { version }) : t('offered_it', { version }),
    loading: t('loading', { version, percent }),
    ready: t('ready', { version }),
  };
  const known = app.problem !== '' && i18n.exists(`problem.${app.problem}`, { ns: 'update' });
  return {
    state: states[app.state] ?? '',
    problem: known ? t(`problem.${app.problem as Problem}`, { version }) : app.problem,
    looked: app.looked_at > 0 ? t('looked_at', { when: fullTime(i18n.language, app.looked_at) }) : '',
  };
}

/** The one thing that can be done about an update now: install it, or look for one. Nothing where the app looks for none. */
export function UpdateButton({ app }: { app: AppUpdate }) {
  const { t } = useTranslation('update');
  const bridge = useBridge();
  const toast = useToast();
  const failureText = useFailureText();
  if (app.state === 'off') return null;
  const ready = app.state === 'ready';
  const act = () => {
    const done = ready ? bridge.restartForUpdate() : bridge.checkForUpdate();
    done.catch((error: unknown) => toast(failureText(asFailure(error))));
  };
  return (
    <Button
      variant={ready ? 'filled' : 'default'}
      data-testid={ready ? 'update-restart' : 'update-check'}
      loading={app.state === 'loading'}
      onClick={act}
    >
      {ready ? t('restart') : t('check')}
    </Button>
  );
}
