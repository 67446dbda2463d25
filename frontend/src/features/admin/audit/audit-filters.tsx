import { NativeSelect, Select, TextInput } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useMirror } from '@/bridge/session-context';
import type { AuditQuery } from '@/bridge/types';
import styles from './audit-section.module.css';
import { useActNames } from './use-act-words';

/** What the record is narrowed to. */
export type AuditFilter = Omit<AuditQuery, 'before'>;

/** The most names that a list offers at once; typing narrows them. */
const offered = 30;
const day = 24 * 60 * 60_000;

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
      <TextInput
        type="date"
        aria-label={t('from')}
        data-testid="audit-from"
        onChange={(event) => onChange({ ...filter, from: startOf(event.currentTarget.value) })}
      />
      <TextInput
        type="date"
        aria-label={t('to')}
        data-testid="audit-to"
        onChange={(event) => {
          const start = startOf(event.currentTarget.value);
          onChange({ ...filter, to: start === 0 ? 0 : start + day });
        }}
      />
    </div>
  );
}

/** When a day begins here; 0 for none. */
function startOf(date: string): number {
  const at = new Date(`${date}T00:00:00`).getTime();
  return Number.isNaN(at) ? 0 : at;
}
