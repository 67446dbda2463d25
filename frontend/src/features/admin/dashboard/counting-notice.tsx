import { useTranslation } from 'react-i18next';
import type { Statistics } from '@/bridge/types';
import { Notice } from '@/components/notice';
import { ProgressBar } from '@/components/progress-bar';

export interface CountingNoticeProps {
  stats: Statistics;
}

/** Says that the figures don't hold all messages yet, and how far they are; nothing once they do. */
export function CountingNotice({ stats }: CountingNoticeProps) {
  const { t } = useTranslation('dashboard');
  if (stats.written === 0) return null;
  const percent = Math.floor((100 * stats.counted) / stats.written);
  return (
    <Notice kind="warn" title={t('counting_title', { percent })} testId="counting">
      {t('counting_text')}
      <ProgressBar label={t('counting_label')} done={stats.counted} of={stats.written} />
    </Notice>
  );
}
