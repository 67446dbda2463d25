import { NativeSelect, Select } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useMirror } from '@/bridge/session-context';
import type { AuditQuery } from '@/bridge/types';
import { addDays } from '@/components/calendar';
import { DateField } from '@/components/date-field';
import styles from './audit-section.module.css';
import { useActNames } from './use-act-words';

/** What the record is narrowed to. */
export type AuditFilter = Omit<AuditQuery, 'before'>;

/** The most names that a list offers at once; typing narrows them. */
const offered = 30;

export interface AuditFiltersProps {
  filter: AuditFilter;
  onChange: (filter: AuditFilter) => void;
}

/** Who did what to whom, and when. */
export function AuditFilters({ filter, onChange }: AuditFiltersProps) {
  const { t } = useTranslation('audit');
  const names = useActNames();
  const people = useMirror((mirror) => mirror.people);
  const options = useMemo(
    () =>
      [...people.values()]
        .filter(({ name }) => name !== '')
        .map(({ user_uuid, name, username }) => ({ value: user_uuid, label: `${name} (${username})` })),
    [people],
  );
  const person = (field: 'actor' | 'subject') => (
    <Select
      aria-label={t(field)}
      placeholder={t(field)}
      data={options}
      limit={offered}
      searchable
      clearable
      value={filter[field] === '' ? null : filter[field]}
      data-testid={`audit-${field}`}
      onChange={(value) => onChange({ ...filter, [field]: value ?? '' })}
    />
  );
  return (
    <div className={styles.filters}>
      {person('actor')}
      {person('subject')}
      <NativeSelect
        aria-label={t('action_label')}
        data-testid="audit-action"
        value={filter.action}
        data={[
          { value: '', label: t('every_action') },
          ...Object.entries(names).map(([value, label]) => ({ value, label })),
        ]}
        onChange={(event) => onChange({ ...filter, action: event.currentTarget.value })}
      />
      <DateField
        compact
        name={t('from')}
        day={filter.from}
        testId="audit-from"
        onChange={(from) => onChange({ ...filter, from })}
      />
      <DateField
        compact
        name={t('to')}
        day={filter.to === 0 ? 0 : addDays(filter.to, -1)}
        testId="audit-to"
        // The day is in the period: it ends when the next one begins.
        onChange={(to) => onChange({ ...filter, to: to === 0 ? 0 : addDays(to, 1) })}
      />
    </div>
  );
}
