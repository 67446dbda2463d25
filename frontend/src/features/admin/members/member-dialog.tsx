import { Button, Group, TextInput } from '@mantine/core';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge, useMirror } from '@/bridge/session-context';
import type { Person, Profile } from '@/bridge/types';
import { Dialog } from '@/components/dialog';
import { FailureNotice } from '@/components/failure-notice';
import { useToast } from '@/components/toast';
import { useTask } from '@/components/use-task';
import { useAdmin } from '@/features/admin/admin-context';
import { LoadedView } from '@/features/admin/loaded-view';
import { useLoaded } from '@/features/admin/use-loaded';
import { DepartmentSelect, type MemberAction } from './action-dialog';
import styles from './members-section.module.css';

/** The texts of a person, in the order of the form. */
const order = [
  'name',
  'username',
  'employee_id',
  'position',
  'grade',
  'email',
  'phone',
  'birth_date',
  'status_text',
] as const;
type Name = (typeof order)[number];

export interface MemberDialogProps {
  member: Profile;
  onAction: (action: MemberAction | 'delete' | 'code', member: Profile) => void;
  onClose: () => void;
}

/** All that is known of a person, to be changed, and what can be done about the account. */
export function MemberDialog({ member, onAction, onClose }: MemberDialogProps) {
  const bridge = useBridge();
  const { user_uuid: uuid } = member;
  const { state, reload } = useLoaded(useCallback(() => bridge.person(uuid), [bridge, uuid]));
  return (
    <Dialog title={member.name} width={640} onClose={onClose}>
      <LoadedView state={state} onRetry={reload} rows={5}>
        {(person) => <MemberForm key={person.rev} person={person} onAction={onAction} onClose={onClose} />}
      </LoadedView>
    </Dialog>
  );
}

type MemberFormProps = Omit<MemberDialogProps, 'member'> & { person: Person };

function MemberForm({ person, onAction, onClose }: MemberFormProps) {
  const { t } = useTranslation('members');
  const { t: tc } = useTranslation();
  const bridge = useBridge();
  const toast = useToast();
  const task = useTask();
  const [held] = useState<Record<Name, string>>(() => ({
    name: person.name,
    username: person.username,
    employee_id: person.employee_id,
    position: person.position,
    grade: person.grade,
    email: person.email,
    phone: person.phone ?? '',
    birth_date: person.birth_date,
    status_text: person.status_text ?? '',
  }));
  const [values, setValues] = useState(held);
  const [department, setDepartment] = useState(person.department_uuid ?? '');
  const changed = order.filter((name) => values[name] !== held[name]);
  const moved = department !== (person.department_uuid ?? '');
  const nameless = values.name.trim() === '';

  async function save() {
    const change = {
      ...Object.fromEntries(changed.map((name) => [name, values[name].trim()])),
      ...(moved ? { department_uuid: department } : {}),
    };
    if (nameless || !(await task.run(() => bridge.changePerson(person.user_uuid, change)))) return;
    toast(t('saved', { name: values.name }));
    onClose();
  }

  return (
    <form
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <div className={styles.fields}>
        {order.map((name, place) => (
          <TextInput
            key={name}
            label={t(`field.${name}`)}
            value={values[name]}
            maxLength={100}
            placeholder={name === 'birth_date' ? '1990-01-31' : undefined}
            error={name === 'name' && nameless ? t('name_missing') : undefined}
            data-autofocus={place === 0 || undefined}
            data-testid={`member-${name}`}
            onChange={(event) => {
              const { value } = event.currentTarget;
              setValues((before) => ({ ...before, [name]: value }));
            }}
          />
        ))}
        <DepartmentSelect value={department} written={person.department} onChange={setDepartment} />
      </div>
      {task.failure && <FailureNotice failure={task.failure} testId="member-problem" />}
      <Acts person={person} onAction={onAction} />
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={onClose}>
          {tc('cancel')}
        </Button>
        <Button type="submit" loading={task.busy} disabled={changed.length === 0 && !moved} data-testid="member-save">
          {t('save')}
        </Button>
      </Group>
    </form>
  );
}

type ActsProps = Pick<MemberDialogProps, 'onAction'> & { person: Person };

/** What can be done about the account. Nobody does it to himself; the server says no to more than that. */
function Acts({ person, onAction }: ActsProps) {
  const { t } = useTranslation('members');
  const { role, onSection } = useAdmin();
  const me = useMirror((mirror) => mirror.state.me?.user_uuid);
  if (person.user_uuid === me) return null;
  const act = (action: Parameters<typeof onAction>[0]) => () => onAction(action, person);
  const active = person.state === 'active';
  return (
    <div className={styles.acts}>
      <Button size="xs" variant="default" onClick={() => onSection('devices', person.user_uuid)}>
        {t('act.devices')}
      </Button>
      {active && (
        <Button size="xs" variant="default" data-testid="member-sign-out" onClick={act('sign_out')}>
          {t('act.sign_out')}
        </Button>
      )}
      {active && person.has_password && (
        <Button size="xs" variant="default" data-testid="member-code" onClick={act('code')}>
          {t('act.code')}
        </Button>
      )}
      {role === 'owner' && (
        <Button size="xs" variant="default" data-testid="member-role" onClick={act('role')}>
          {t('act.role')}
        </Button>
      )}
      <Button size="xs" variant="default" data-testid="member-state" onClick={act(active ? 'disable' : 'enable')}>
        {t(active ? 'act.disable' : 'act.enable')}
      </Button>
      <Button size="xs" variant="default" c="red" data-testid="member-delete" onClick={act('delete')}>
        {t('act.delete')}
      </Button>
    </div>
  );
}
