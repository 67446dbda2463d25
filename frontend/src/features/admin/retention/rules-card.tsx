import { Button, Checkbox, Input, NativeSelect, NumberInput } from '@mantine/core';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Failure, Retention, RetentionPolicy } from '@/bridge/types';
import { fieldError } from '@/components/field-error';
import { Notice } from '@/components/notice';
import { PreviewDialog } from './preview-dialog';
import { everyRule, mostDays, sameRules, type RoomClass } from './retention-model';
import styles from './retention.module.css';

export interface RulesCardProps {
  retention: Retention;
  mayChange: boolean;
  onChanged: () => void;
}

const hours = Array.from({ length: 24 }, (_, hour) => hour * 60);

/** The rules by kind of room. Nothing is saved before it was seen what goes. */
export function RulesCard({ retention, mayChange, onChanged }: RulesCardProps) {
  const { t } = useTranslation('retention');
  const [policy, setPolicy] = useState<RetentionPolicy>(() => ({
    rules: everyRule(retention.rules),
    daily: retention.daily,
    window_from: retention.window_from,
    window_to: retention.window_to,
    rev: retention.rev,
  }));
  const [asking, setAsking] = useState<'save' | 'run'>();
  const [refusal, setRefusal] = useState<Failure>();
  const wrongRules = fieldError(refusal, 'rules');
  const refused = useCallback((failure: Failure) => {
    setRefusal(failure);
    setAsking(undefined);
  }, []);
  const ask = (doing: 'save' | 'run') => {
    setRefusal(undefined);
    setAsking(doing);
  };
  const changed = !sameRules(policy, retention);
  const setDays = (name: string, field: 'message_days' | 'file_days', days: number) =>
    setPolicy((held) => ({
      ...held,
      rules: held.rules.map((rule) => (rule.class === name ? { ...rule, [field]: days } : rule)),
    }));
  const offset = `UTC${retention.utc_offset < 0 ? '-' : '+'}${Math.abs(retention.utc_offset) / 60}`;
  return (
    <section className={styles.card} data-testid="retention-rules">
      <h3 className={styles.name}>{t('rules')}</h3>
      <p className={styles.small}>{t('rules_text')}</p>
      {retention.file_policy_days > 0 && (
        <Notice kind="warn">{t('file_policy', { days: retention.file_policy_days })}</Notice>
      )}
      <div className={styles.rules} role="table" aria-label={t('rules')}>
        <div role="row" className={styles.rule}>
          <span role="columnheader">{t('class_head')}</span>
          <span role="columnheader">{t('messages')}</span>
          <span role="columnheader">{t('files')}</span>
        </div>
        {policy.rules.map((rule) => (
          <div key={rule.class} role="row" className={styles.rule}>
            <span role="rowheader">{t(`class.${rule.class as RoomClass}`)}</span>
            {(['message_days', 'file_days'] as const).map((field) => (
              <span key={field} role="cell">
                <NumberInput
                  hideControls
                  aria-label={`${t(`class.${rule.class as RoomClass}`)} ${t(field === 'message_days' ? 'messages' : 'files')}`}
                  value={rule[field] === 0 ? '' : rule[field]}
                  placeholder={t('for_ever')}
                  suffix={t('days_suffix')}
                  min={0}
                  max={mostDays}
                  clampBehavior="strict"
                  allowDecimal={false}
                  allowNegative={false}
                  disabled={!mayChange}
                  data-testid={`${field}-${rule.class}`}
                  onChange={(value) => setDays(rule.class, field, Number(value) || 0)}
                />
              </span>
            ))}
          </div>
        ))}
      </div>
      {wrongRules && <Input.Error role="alert">{wrongRules}</Input.Error>}
      <div className={styles.window}>
        <Checkbox
          label={t('daily')}
          checked={policy.daily}
          disabled={!mayChange}
          data-testid="retention-daily"
          onChange={(event) => setPolicy({ ...policy, daily: event.currentTarget.checked })}
        />
        <span className={styles.hours}>
          {(['window_from', 'window_to'] as const).map((field) => (
            <NativeSelect
              key={field}
              label={t(field)}
              value={String(policy[field])}
              error={fieldError(refusal, field)}
              disabled={!mayChange}
              data={hours.map((minute) => ({
                value: String(minute),
                label: `${String(minute / 60).padStart(2, '0')}:00`,
              }))}
              onChange={(event) => setPolicy({ ...policy, [field]: Number(event.currentTarget.value) })}
            />
          ))}
        </span>
        <span className={styles.small}>
          {policy.window_from === policy.window_to ? t('any_time') : t('server_clock', { offset })}
        </span>
      </div>
      {mayChange && (
        <div className={styles.acts}>
          {changed && <span className={styles.small}>{t('unsaved')}</span>}
          <Button variant="default" disabled={changed} data-testid="retention-run" onClick={() => ask('run')}>
            {t('run')}
          </Button>
          <Button disabled={!changed} data-testid="retention-save" onClick={() => ask('save')}>
            {t('preview')}
          </Button>
        </div>
      )}
      {asking && (
        <PreviewDialog
          policy={policy}
          doing={asking}
          onDone={onChanged}
          onRefused={refused}
          onClose={() => setAsking(undefined)}
        />
      )}
    </section>
  );
}
