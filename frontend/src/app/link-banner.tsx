import { IconCloudOff, IconRefresh } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { State } from '@/bridge/types';
import { useFailureText } from '@/components/failure-notice';
import { useNow } from '@/components/use-now';
import styles from './link-banner.module.css';

export interface LinkBannerProps {
  state: State;
}

/** Says above everything that the network is away, what that means, and when the next try comes. Nothing online. */
export function LinkBanner({ state }: LinkBannerProps) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const offline = state.link === 'offline';
  const now = useNow(offline && state.retry_at > 0 ? 500 : 0);
  if (state.link === 'online') return <span data-testid="link-state" data-link="online" hidden />;
  const seconds = Math.ceil((state.retry_at - now) / 1000);
  // "offline" says nothing that the banner doesn't; a certificate or a clock does.
  const problem = state.link_problem && state.link_problem.code !== 'offline' ? state.link_problem : undefined;
  return (
    <div className={styles.banner} data-link={state.link} data-testid="link-state" role="status">
      {offline ? (
        <IconCloudOff className={styles.icon} aria-hidden="true" />
      ) : (
        <IconRefresh className={styles.spin} aria-hidden="true" />
      )}
      <span className={styles.text}>
        {offline ? (problem ? failureText(problem) : t('link.offline')) : t('link.connecting')}
      </span>
      {offline && state.retry_at > 0 && (
        // Only the text above is announced; a countdown would be read every second.
        <span className={styles.retry} aria-hidden="true">
          {seconds > 0 ? t('link.retry_in', { seconds }) : t('link.retrying')}
        </span>
      )}
    </div>
  );
}
