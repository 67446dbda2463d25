import { useTranslation } from 'react-i18next';
import { useMirror } from '@/bridge/session-context';
import type { Transfer } from '@/bridge/types';
import { useFailureText } from '@/components/failure-notice';
import { fileSize } from '@/components/file-names';
import { timeLeft } from './transfer-state';

/** Returns what says where a transfer stands: 1.2MB / 8MB · 3.1MB/초 · 12초 남음. */
export function useTransferWords(): (transfer: Transfer) => string {
  const { t } = useTranslation('file');
  const failureText = useFailureText();
  const offline = useMirror((mirror) => mirror.state.link !== 'online');
  return (transfer) => {
    const { state, done, size, speed, failure } = transfer;
    if (state === 'failed') return failure ? failureText(failure) : t('state.failed');
    if (state === 'waiting') return t(offline ? 'state.offline' : 'state.waiting');
    if (state === 'checking' || state === 'done' || state === 'canceled') return t(`state.${state}`);
    const left = timeLeft(transfer);
    return [
      t('amount', { done: fileSize(done), size: fileSize(size) }),
      speed > 0 ? t('speed', { speed: fileSize(speed) }) : '',
      left ? t(left.unit, { count: left.count }) : '',
    ]
      .filter(Boolean)
      .join(' · ');
  };
}
