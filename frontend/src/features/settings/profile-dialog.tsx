import { Button, Group, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge } from '@/bridge/session-context';
import type { Me, OwnProfile } from '@/bridge/types';
import { Dialog } from '@/components/dialog';
import { fieldError } from '@/components/field-error';
import { FailureNotice } from '@/components/failure-notice';
import { useToast } from '@/components/toast';
import { useTask } from '@/components/use-task';
import styles from './password-dialog.module.css';

/** What may be editable, in the order of the form. */
const order = ['status_text', 'phone', 'name', 'email', 'position', 'grade', 'birth_date'] as const;
type Name = (typeof order)[number];
type Values = Record<Name, string>;

const email = /^[^\s@]+@[^\s@]+$/;
const date = /^\d{4}-\d{2}-\d{2}$/;

/** What is wrong with a field, as a text of settings.json. */
function wrongOf(name: Name, value: string) {
  if (name === 'name' && value.trim() === '') return 'wrong_empty';
  if (name === 'email' && value !== '' && !email.test(value.trim())) return 'wrong_email';
  if (name === 'birth_date' && value !== '' && !date.test(value.trim())) return 'wrong_date';
  return undefined;
}

export interface ProfileDialogProps {
  me: Me;
  own: OwnProfile;
  onSaved: () => void;
  onClose: () => void;
}

/** The fields that administrators let people change by themselves. */
export function ProfileDialog({ me, own, onSaved, onClose }: ProfileDialogProps) {
  const { t } = useTranslation('settings');
  const { t: tc } = useTranslation();
  const bridge = useBridge();
  const toast = useToast();
  const task = useTask();
  const [held] = useState<Values>(() => ({
    status_text: me.status_text ?? '',
    phone: me.phone ?? '',
    name: me.name,
    email: me.email,
    position: me.position,
    grade: me.grade,
    birth_date: own.birth_date,
  }));
  const [values, setValues] = useState(held);
  const [sent, setSent] = useState(held);
  const fields = order.filter((name) => own.editable.includes(name));
  const changed = fields.filter((name) => values[name] !== held[name]);

  async function submit() {
    if (changed.some((name) => wrongOf(name, values[name]) !== undefined)) return;
    setSent(values);
    const change = Object.fromEntries(changed.map((name) => [name, values[name]]));
    if (!(await task.run(() => bridge.changeProfile(change)))) return;
    toast(t('profile_saved'));
    onSaved();
    onClose();
  }

  return (
    <Dialog title={t('profile_edit_title')} onClose={onClose}>
      <form
        className={styles.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {fields.map((name, place) => {
          const wrong = changed.includes(name) ? wrongOf(name, values[name]) : undefined;
          const refused = values[name] === sent[name] ? fieldError(task.failure, name) : undefined;
          return (
            <TextInput
              key={name}
              label={
                name === 'birth_date' || name === 'status_text' || name === 'name' ? t(name) : tc(`profile.${name}`)
              }
              value={values[name]}
              maxLength={100}
              placeholder={name === 'birth_date' ? '1990-01-31' : undefined}
              error={wrong ? t(wrong) : refused}
              data-autofocus={place === 0 || undefined}
              data-testid={`profile-${name}`}
              onChange={(event) => {
                const { value } = event.currentTarget;
                setValues((before) => ({ ...before, [name]: value }));
              }}
            />
          );
        })}
        {task.failure && <FailureNotice failure={task.failure} testId="profile-problem" />}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            {tc('cancel')}
          </Button>
          <Button type="submit" loading={task.busy} disabled={changed.length === 0} data-testid="profile-save">
            {t('save')}
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}
