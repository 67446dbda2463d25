import { useTranslation } from 'react-i18next';
import type { Failure } from '@/bridge/types';
import { useFailureText } from '@/components/failure-notice';
import { fileSize } from '@/components/file-names';
import { useFileLimits } from './use-held';

/** Returns what says why a file can't be sent, with what could be. wanted: there is something to be said. */
export function useFileProblem(wanted: boolean): (problem: Failure) => string {
  const { t } = useTranslation('file');
  const failureText = useFailureText();
  const limits = useFileLimits(wanted);
  return (problem) => {
    const words = failureText(problem);
    if (problem.reason === 'file_too_large' && limits && limits.max_bytes > 0) {
      return `${words} ${t('held.limit', { size: fileSize(limits.max_bytes) })}`;
    }
    if (problem.reason === 'file_type' && limits && limits.types.length > 0) {
      return `${words} ${t('held.types', { types: limits.types.join(', ') })}`;
    }
    return words;
  };
}
