import { useTranslation } from 'react-i18next';
import type { AuditCheck } from '@/bridge/types';
import { Notice } from '@/components/notice';

const faultKinds = [
  'changed',
  'unlinked',
  'head_missing',
  'head_differs',
  'head_changed',
  'end_cut',
  'end_missing',
] as const;

export interface VerifyNoticeProps {
  check: AuditCheck;
}

/** Whether the record is what was written, and if not, which entry is the first that is wrong. */
export function VerifyNotice({ check }: VerifyNoticeProps) {
  const { t, i18n } = useTranslation('audit');
  const number = (value = 0) => value.toLocaleString(i18n.language);
  const entries = check.entries;
  /** What is wrong, in the user's words; of a kind that this app does not know, in the server's. */
  function faultOf({ cause, fault }: AuditCheck): string {
    const kind = faultKinds.find((one) => one === cause?.kind);
    if (!cause || !kind) return fault;
    return t(`fault.${kind}`, {
      entry: number(cause.entry),
      expected: cause.expected ?? 0,
      found: number(cause.found),
    });
  }
  if (!check.whole) {
    return (
      <Notice kind="danger" title={t('broken_title')} testId="audit-broken">
        {t('broken_text', { entries, fault: faultOf(check) })}
      </Notice>
    );
  }
  const seconds = (check.took_ms / 1000).toLocaleString(i18n.language, { maximumFractionDigits: 1 });
  return (
    <Notice kind="ok" title={t('whole_title')} testId="audit-whole">
      {`${t('whole_text', { entries, seconds })} `}
      {check.signed === 0 ? t('unsigned') : t('signed', { id: number(check.signed) })}
    </Notice>
  );
}
