import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleX,
  IconInfoCircle,
  IconLoader2,
  IconMinus,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Finding } from '@/bridge/types';
import { fileSize } from '@/components/file-names';
import styles from './diagnosis-dialog.module.css';

const icons = {
  waiting: IconLoader2,
  ok: IconCircleCheck,
  info: IconInfoCircle,
  warn: IconAlertTriangle,
  bad: IconCircleX,
  skipped: IconMinus,
};

/** One thing that was looked at: how it is, and where something is amiss, what to do. */
export function FindingRow({ finding }: { finding: Finding }) {
  const { t } = useTranslation('diagnosis');
  const { check, code, fields } = finding;
  const state = finding.state in icons ? (finding.state as keyof typeof icons) : 'info';
  const Icon = icons[state];
  const source = fields['source'] ?? '';
  const sources: string[] = [`source.${source}`];
  const free = fileSize(Number(fields['free_mb'] ?? 0) * 1_048_576);
  const replace = { ...fields, free, source: t(sources as ['title'], { defaultValue: source }) };
  const sentences: string[] = [`say.${check}.${code}`, `any.${code}`, 'any.unknown'];
  const say = t(sentences as ['title'], { replace });
  const advice: string[] = [`do.${check}.${code}`];
  const todo = t(advice as ['title'], { replace, defaultValue: '' });
  return (
    <li className={styles.finding} data-state={state} data-testid={`finding-${check}`} data-code={code}>
      <Icon className={styles.icon} role="img" aria-label={t(`state.${state}`)} />
      <span className={styles.check}>{t(`check.${check}` as 'check.name')}</span>
      <span className={styles.words}>
        {state !== 'waiting' && <span>{say}</span>}
        {todo !== '' && <span className={styles.todo}>{todo}</span>}
      </span>
    </li>
  );
}
