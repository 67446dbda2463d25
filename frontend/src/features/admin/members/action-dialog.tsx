import { Button, Group, NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge, useMirror } from '@/bridge/session-context';
import type { AccountFate, Failure, Profile } from '@/bridge/types';
import { Dialog } from '@/components/dialog';
import { useFailureText } from '@/components/failure-notice';
import { useToast } from '@/components/toast';
import { ActDialog } from '@/features/admin/act-dialog';
import { departmentChoices, roles } from './members-model';
import styles from './members-section.module.css';

/** What is done to people. */
export type MemberAction = 'disable' | 'enable' | 'role' | 'move' | 'sign_out';

/** The server takes so many at a time. */
const atOnce = 1000;

export interface ActionDialogProps {
  action: MemberAction;
  people: readonly Profile[];
  onDone: () => void;
  onClose: () => void;
}

interface Refused {
  name: string;
  failure: Failure;
}

/** Says what will happen to whom, asks for what it needs, does it, and names those for whom it was refused. */
export function ActionDialog({ action, people, onDone, onClose }: ActionDialogProps) {
  const { t } = useTranslation('members');
  const toast = useToast();
  const [to, setTo] = useState(action === 'role' ? 'user' : '');
  const [refused, setRefused] = useState<readonly Refused[]>([]);
  const act = useAct();
  const [first] = people;
  const who = people.length === 1 && first ? t('one', { name: first.name }) : t('many', { count: people.length });
  const danger = action === 'disable' || action === 'sign_out';

  async function run(reason: string) {
    const left = await act(action, people, to, reason);
    onDone();
    setRefused(left);
    if (left.length === 0) toast(t(`done.${action}`, { who }));
    return left.length === 0;
  }

  if (refused.length > 0) return <RefusedDialog refused={refused} of={people.length} onClose={onClose} />;
  return (
    <ActDialog
      name="action"
      danger={danger}
      hasField={action === 'role' || action === 'move'}
      title={t(`ask.${action}`, { who })}
      text={t(`text.${action}`)}
      okLabel={t(`ok.${action}`)}
      {...(action === 'move' ? {} : { reason: danger ? 'needed' : 'optional' })}
      call={run}
      onClose={onClose}
    >
      {action === 'role' && (
        <NativeSelect
          label={t('new_role')}
          value={to}
          data={roles.map((value) => ({ value, label: t(`role.${value}`) }))}
          description={t(`role_text.${to as (typeof roles)[number]}`)}
          data-autofocus
          data-testid="action-role"
          onChange={(event) => setTo(event.currentTarget.value)}
        />
      )}
      {action === 'move' && <DepartmentSelect value={to} onChange={setTo} />}
    </ActDialog>
  );
}

export interface DepartmentSelectProps {
  value: string;
  /** What somebody without a department wrote himself when he asked for his account. */
  written?: string;
  onChange: (department: string) => void;
}

/** Chooses a department, or none. */
export function DepartmentSelect({ value, written = '', onChange }: DepartmentSelectProps) {
  const { t } = useTranslation('members');
  const departments = useMirror((mirror) => mirror.departments);
  return (
    <NativeSelect
      label={t('field.department')}
      value={value}
      data={[
        { value: '', label: t('no_department') },
        ...departmentChoices(departments).map(({ uuid, label }) => ({ value: uuid, label })),
      ]}
      description={value === '' && written !== '' ? t('written_department', { department: written }) : undefined}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      data-testid="action-department"
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

/** Does it, a part of the people after the other, and returns those for whom it was refused. */
function useAct() {
  const bridge = useBridge();
  const onPart = async (action: MemberAction, uuids: string[], to: string, reason: string): Promise<AccountFate[]> => {
    if (action !== 'move') return bridge.changeAccounts(uuids, { action, role: action === 'role' ? to : '', reason });
    await bridge.assignPeople(uuids, { department_uuid: to });
    return [];
  };
  return async (action: MemberAction, people: readonly Profile[], to: string, reason: string): Promise<Refused[]> => {
    const names = new Map(people.map((person) => [person.user_uuid, person.name]));
    const uuids = [...names.keys()];
    const parts = Array.from({ length: Math.ceil(uuids.length / atOnce) }, (_, i) =>
      uuids.slice(i * atOnce, (i + 1) * atOnce),
    );
    const fates = await inTurn(parts, (part) => onPart(action, part, to, reason));
    return fates
      .flat()
      .flatMap(({ user_uuid: uuid, refused }) => (refused ? [{ name: names.get(uuid) ?? '', failure: refused }] : []));
  };
}

/** Calls one after the other; the first that fails ends it. */
async function inTurn<T, R>(list: readonly T[], call: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const one of list) {
    // oxlint-disable-next-line no-await-in-loop -- the server takes them one by one: all at once would be a flood
    results.push(await call(one));
  }
  return results;
}

interface RefusedDialogProps {
  refused: readonly Refused[];
  of: number;
  onClose: () => void;
}

/** For whom it was not done, and why. */
function RefusedDialog({ refused, of, onClose }: RefusedDialogProps) {
  const { t } = useTranslation('members');
  const { t: tc } = useTranslation();
  const text = useFailureText();
  return (
    <Dialog title={t('refused_title')} onClose={onClose}>
      <span>{t('refused_text', { done: of - refused.length, refused: refused.length })}</span>
      <ul className={styles.refused} data-testid="action-refused">
        {refused.map(({ name, failure }) => (
          <li key={name + failure.reason}>
            <strong>{name}</strong> – {text(failure)}
          </li>
        ))}
      </ul>
      <Group justify="flex-end" mt="lg">
        <Button data-autofocus onClick={onClose}>
          {tc('close')}
        </Button>
      </Group>
    </Dialog>
  );
}
