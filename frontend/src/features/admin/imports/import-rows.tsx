import { NativeSelect } from '@mantine/core';
import { IconTable } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImportRow, PeopleImport } from '@/bridge/types';
import { EmptyState } from '@/components/empty-state';
import { useFailureText } from '@/components/failure-notice';
import { LoadedView } from '@/features/admin/loaded-view';
import { LongList } from '@/features/admin/long-list';
import { fates, fieldName, type Fate } from './import-words';
import styles from './imports.module.css';
import { useImportRows } from './use-import-rows';

export interface ImportRowsProps {
  at: PeopleImport;
}

/** The rows of the file, and what becomes or became of each. Only those in view are in the page. */
export function ImportRows({ at }: ImportRowsProps) {
  const { t } = useTranslation('imports');
  const [fate, setFate] = useState('');
  // While rows are applied their fates change; they are asked for anew when that ends.
  const { state, more, reload } = useImportRows(fate, at.state);
  const there = fates.filter((one) => (at.counts[one] ?? 0) > 0);
  return (
    <div className={styles.rows}>
      <div className={styles.bar}>
        <h3 className={styles.head}>{t('rows')}</h3>
        <NativeSelect
          aria-label={t('only')}
          data-testid="import-only"
          value={fate}
          data={[
            { value: '', label: t('every_fate', { count: at.total }) },
            ...there.map((one) => ({ value: one, label: `${t(`fate.${one}`)} ${at.counts[one]}` })),
          ]}
          onChange={(event) => setFate(event.currentTarget.value)}
        />
      </div>
      <LoadedView
        state={state.kind === 'loaded' ? { kind: 'loaded', value: state } : state}
        onRetry={reload}
        title={t('rows_failed')}
        rows={6}
      >
        {({ rows, next, failure }) =>
          rows.length === 0 ? (
            <EmptyState icon={<IconTable />} title={t('no_rows')} testId="import-no-rows" />
          ) : (
            <LongList
              label={t('rows')}
              testId="import-rows"
              items={rows}
              keyOf={(row) => row.row}
              rowHeight={56}
              more={next !== 0 && !failure}
              onMore={more}
              failure={failure}
              failureTitle={t('rest_failed')}
              onRetry={reload}
            >
              {(row) => <Row row={row} />}
            </LongList>
          )
        }
      </LoadedView>
    </div>
  );
}

function Row({ row }: { row: ImportRow }) {
  const { t } = useTranslation('imports');
  const text = useFailureText();
  const { name = '', employee_id: number = '', department = '' } = row.values;
  const words = (field: string) => (field === '' ? '' : t(fieldName(field)));
  return (
    <div className={styles.row} data-testid="import-row" data-fate={row.fate}>
      <span className={styles.number}>{t('row', { row: row.row })}</span>
      <span className={styles.words}>
        <strong className={styles.line}>{name || number || t('nameless')}</strong>
        <span className={styles.second}>{[number, department].filter(Boolean).join(' · ')}</span>
      </span>
      <ul className={styles.details}>
        {row.problems.map((problem) => (
          <li key={`${problem.field}-${problem.reason}`} className={styles.wrong}>
            {[words(problem.field ?? ''), text({ ...unworded, reason: problem.reason })].filter(Boolean).join(': ')}
            {problem.other_row ? ` ${t('other_row', { row: problem.other_row })}` : ''}
          </li>
        ))}
        {row.changes.map(({ field, from, to }) => (
          <li key={field}>
            {words(field)}: {from === '' ? t('nothing') : from} → <strong>{to}</strong>
          </li>
        ))}
      </ul>
      <span className={styles.fate}>{t(`fate.${row.fate as Fate}`)}</span>
    </div>
  );
}

/** A reason, as a failure to be put into words. */
const unworded = { code: 'bad_request', message: '', request_id: '', retry_ms: 0 };
