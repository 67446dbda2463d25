import { Button, Checkbox, Stack } from '@mantine/core';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge } from '@/bridge/session-context';
import { FailureNotice } from '@/components/failure-notice';
import { fieldError } from '@/components/field-error';
import { Notice } from '@/components/notice';
import { useToast } from '@/components/toast';
import { useTask } from '@/components/use-task';
import { LoadedView } from '@/features/admin/loaded-view';
import { SectionPage } from '@/features/admin/section-page';
import { useLoaded } from '@/features/admin/use-loaded';
import styles from './server.module.css';

/** What a person can be let change of his own, in its order. */
const ownFields = ['phone', 'status_text', 'photo', 'birth_date', 'name', 'email', 'position', 'grade'] as const;

/** The settings that the server keeps for the whole company. */
export function ServerSection() {
  const { t } = useTranslation('server');
  const bridge = useBridge();
  const { state, reload } = useLoaded(useCallback(() => bridge.profileFields(), [bridge]));
  return (
    <SectionPage title={t('title')} lead={t('lead')}>
      <LoadedView state={state} onRetry={reload} title={t('failed')} rows={6}>
        {(fields) => <OwnFieldsCard key={fields.join()} held={fields} onChanged={reload} />}
      </LoadedView>
      <section className={styles.card}>
        <h3 className={styles.name}>{t('elsewhere')}</h3>
        <p className={styles.small}>{t('elsewhere_text')}</p>
      </section>
    </SectionPage>
  );
}

interface OwnFieldsCardProps {
  held: readonly string[];
  onChanged: () => void;
}

function OwnFieldsCard({ held, onChanged }: OwnFieldsCardProps) {
  const { t } = useTranslation('server');
  const bridge = useBridge();
  const toast = useToast();
  const task = useTask();
  const [fields, setFields] = useState<readonly string[]>(held);
  const changed = ownFields.some((field) => fields.includes(field) !== held.includes(field));
  const conflict = task.failure?.reason === 'edit_conflict';

  async function save() {
    if (!(await task.run(() => bridge.setProfileFields([...fields], [...held])))) return;
    toast(t('saved'));
    onChanged();
  }

  return (
    <section className={styles.card} data-testid="own-fields">
      <h3 className={styles.name}>{t('own_fields')}</h3>
      <p className={styles.small}>{t('own_fields_text')}</p>
      <Checkbox.Group
        aria-label={t('own_fields')}
        value={[...fields]}
        error={fieldError(task.failure, 'fields')}
        onChange={setFields}
      >
        <Stack gap="xs">
          {ownFields.map((field) => (
            <Checkbox key={field} value={field} label={t(`field.${field}`)} data-testid={`own-${field}`} />
          ))}
        </Stack>
      </Checkbox.Group>
      {conflict ? (
        <Notice kind="warn" title={t('conflict_title')} testId="own-conflict">
          <p>{t('conflict_text')}</p>
          <Button size="xs" variant="default" onClick={onChanged}>
            {t('conflict_load')}
          </Button>
        </Notice>
      ) : (
        task.failure && <FailureNotice failure={task.failure} />
      )}
      <div className={styles.acts}>
        <Button loading={task.busy} disabled={!changed} data-testid="own-save" onClick={() => void save()}>
          {t('save')}
        </Button>
      </div>
    </section>
  );
}
