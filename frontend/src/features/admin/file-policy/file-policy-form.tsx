import { Button, Checkbox, NativeSelect, NumberInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge } from '@/bridge/session-context';
import type { FilePolicy, FilePolicyReply } from '@/bridge/types';
import { FailureNotice } from '@/components/failure-notice';
import { fileSize } from '@/components/file-names';
import { Notice } from '@/components/notice';
import { ProgressBar } from '@/components/progress-bar';
import { useToast } from '@/components/toast';
import { useTask } from '@/components/use-task';
import styles from './file-policy.module.css';

export interface FilePolicyFormProps {
  policy: FilePolicyReply;
  onChanged: () => void;
}

const megabyte = 1024 ** 2;
const gigabyte = 1024 ** 3;
/** The largest file that a server takes, in megabytes. */
const mostMegabytes = 5 * 1024;
const mostDays = 36_500;

/** The policy as a form. Who saves what another changed meanwhile is told, and keeps what he chose. */
export function FilePolicyForm({ policy, onChanged }: FilePolicyFormProps) {
  const { t, i18n } = useTranslation('filePolicy');
  const bridge = useBridge();
  const toast = useToast();
  const task = useTask();
  const [draft, setDraft] = useState<FilePolicy>(() => ({
    max_bytes: policy.max_bytes,
    types: policy.types,
    person_quota: policy.person_quota,
    total_quota: policy.total_quota,
    retention_days: policy.retention_days,
    unscanned: policy.unscanned,
    encrypted_archives: policy.encrypted_archives,
    rev: policy.rev,
  }));
  const set = (change: Partial<FilePolicy>) => setDraft((held) => ({ ...held, ...change }));
  const conflict = task.failure?.code === 'conflict';
  const wrong = { types: draft.types.length === 0, size: draft.max_bytes < 1 };

  async function save() {
    if (wrong.types || wrong.size) return;
    if (!(await task.run(() => bridge.setFilePolicy(draft)))) return;
    toast(t('saved'));
    onChanged();
  }

  return (
    <div className={styles.form} data-testid="file-policy">
      <UsageCard policy={policy} />
      <section className={styles.card}>
        <h3 className={styles.name}>{t('limits')}</h3>
        <div className={styles.fields}>
          <NumberInput
            hideControls
            label={t('max_size')}
            description={t('max_size_hint')}
            value={draft.max_bytes / megabyte}
            suffix="MB"
            min={1}
            max={mostMegabytes}
            clampBehavior="strict"
            allowNegative={false}
            decimalScale={2}
            error={wrong.size ? t('size_missing') : undefined}
            data-testid="policy-size"
            onChange={(value) => set({ max_bytes: Math.round((Number(value) || 0) * megabyte) })}
          />
          {(['person_quota', 'total_quota'] as const).map((field) => (
            <NumberInput
              hideControls
              key={field}
              label={t(field)}
              description={t(`${field}_hint`)}
              placeholder={t('no_limit')}
              value={draft[field] === 0 ? '' : draft[field] / gigabyte}
              suffix="GB"
              min={0}
              allowNegative={false}
              decimalScale={2}
              data-testid={`policy-${field}`}
              onChange={(value) => set({ [field]: Math.round((Number(value) || 0) * gigabyte) })}
            />
          ))}
          <NumberInput
            hideControls
            label={t('retention_days')}
            description={t('retention_days_hint')}
            placeholder={t('for_ever')}
            value={draft.retention_days === 0 ? '' : draft.retention_days}
            suffix={t('days_suffix')}
            min={0}
            max={mostDays}
            clampBehavior="strict"
            allowDecimal={false}
            allowNegative={false}
            data-testid="policy-days"
            onChange={(value) => set({ retention_days: Number(value) || 0 })}
          />
        </div>
        {draft.retention_days !== 0 &&
          (policy.retention_days === 0 || draft.retention_days < policy.retention_days) && (
            <Notice kind="warn">{t('retention_warning', { days: draft.retention_days })}</Notice>
          )}
      </section>
      <section className={styles.card}>
        <h3 className={styles.name}>{t('types')}</h3>
        <p className={styles.small}>{t('types_text', { count: draft.types.length })}</p>
        <Checkbox.Group aria-label={t('types')} value={draft.types} onChange={(types) => set({ types })}>
          <div className={styles.types}>
            {policy.known_types.map((type) => (
              <Checkbox key={type} value={type} label={type} data-testid={`policy-type-${type}`} />
            ))}
          </div>
        </Checkbox.Group>
        {wrong.types && <Notice kind="danger">{t('types_missing')}</Notice>}
      </section>
      <section className={styles.card}>
        <h3 className={styles.name}>{t('checks')}</h3>
        <p className={styles.small}>{t(`scanner.${scannerOf(policy.scanner)}`)}</p>
        <div className={styles.fields}>
          <NativeSelect
            label={t('unscanned')}
            value={draft.unscanned}
            data={(['refuse', 'allow'] as const).map((value) => ({ value, label: t(`unscanned_${value}`) }))}
            onChange={(event) => set({ unscanned: event.currentTarget.value })}
          />
          <NativeSelect
            label={t('encrypted')}
            value={draft.encrypted_archives}
            data={(['allow', 'refuse'] as const).map((value) => ({ value, label: t(`encrypted_${value}`) }))}
            onChange={(event) => set({ encrypted_archives: event.currentTarget.value })}
          />
        </div>
      </section>
      {conflict ? (
        <Notice kind="warn" title={t('conflict_title')} testId="policy-conflict">
          <p>{t('conflict_text')}</p>
          <Button size="xs" variant="default" onClick={onChanged}>
            {t('conflict_load')}
          </Button>
        </Notice>
      ) : (
        task.failure && <FailureNotice failure={task.failure} />
      )}
      <div className={styles.acts}>
        <span className={styles.small}>{t('version', { rev: policy.rev.toLocaleString(i18n.language) })}</span>
        <Button loading={task.busy} data-testid="policy-save" onClick={() => void save()}>
          {t('save')}
        </Button>
      </div>
    </div>
  );
}

const scanners = ['off', 'ok', 'down'] as const;

function scannerOf(said: string) {
  return scanners.find((one) => one === said) ?? 'off';
}

function UsageCard({ policy }: { policy: FilePolicyReply }) {
  const { t } = useTranslation('filePolicy');
  return (
    <section className={styles.card}>
      <h3 className={styles.name}>{t('usage')}</h3>
      <p>
        {t(policy.total_quota > 0 ? 'used_of' : 'used', {
          size: fileSize(policy.used_bytes),
          quota: fileSize(policy.total_quota),
          files: policy.file_count,
        })}
      </p>
      {policy.total_quota > 0 && <ProgressBar label={t('usage')} done={policy.used_bytes} of={policy.total_quota} />}
    </section>
  );
}
