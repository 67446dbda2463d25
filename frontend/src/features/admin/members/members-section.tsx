import { Button, NativeSelect } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import { memo, useCallback, useDeferredValue, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMirror } from '@/bridge/session-context';
import type { Profile } from '@/bridge/types';
import { EmptyState } from '@/components/empty-state';
import { readySearch, searchPeople } from '@/components/person-search';
import { SearchField } from '@/components/search-field';
import { useAdmin } from '@/features/admin/admin-context';
import { CodeDialog } from '@/features/admin/approvals/code-dialog';
import { SectionPage } from '@/features/admin/section-page';
import { ActionDialog, type MemberAction } from './action-dialog';
import { DeleteDialog } from './delete-dialog';
import { MemberDialog } from './member-dialog';
import { MemberTable } from './member-table';
import { departmentChoices, fittingMembers, noFilter, orders, roles, states, type MemberFilter } from './members-model';
import styles from './members-section.module.css';

/** What stands above the table. */
type Open =
  | { kind: 'member' | 'delete' | 'code'; member: Profile }
  | { kind: 'action'; action: MemberAction; people: readonly Profile[] };

/** The table stands first; what is searched is made ready after so many milliseconds. */
const readyAfter = 200;

/** Everybody: found, chosen, changed, and let go. */
export function MembersSection() {
  const { t } = useTranslation('members');
  const { subject, role } = useAdmin();
  const people = useMirror((mirror) => mirror.people);
  const departments = useMirror((mirror) => mirror.departments);
  const [filter, setFilter] = useState(noFilter);
  const changeFilter = useCallback(
    (change: Partial<MemberFilter>) => setFilter((held) => ({ ...held, ...change })),
    [],
  );
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const named = subject === undefined ? undefined : people.get(subject);
  const [open, setOpen] = useState<Open | undefined>(named && { kind: 'member', member: named });
  const { query, department, role: withRole, state, order } = filter;
  const fitting = useMemo(
    () => fittingMembers(people.values(), departments, { department, role: withRole, state, order }),
    [people, departments, department, withRole, state, order],
  );
  useEffect(() => {
    const timer = setTimeout(() => readySearch(fitting), readyAfter);
    return () => clearTimeout(timer);
  }, [fitting]);
  // The field shows a key at once; the table follows it.
  const sought = useDeferredValue(query);
  const members = useMemo(() => searchPeople(fitting, sought), [fitting, sought]);
  // Who is chosen and was filtered away since is not meant any more.
  const picked = useMemo(() => members.filter((one) => chosen.has(one.user_uuid)), [members, chosen]);

  const toggle = useCallback(
    (person: string) =>
      setChosen((held) => {
        const next = new Set(held);
        if (!next.delete(person)) next.add(person);
        return next;
      }),
    [],
  );
  const openMember = useCallback((member: Profile) => setOpen({ kind: 'member', member }), []);
  const all = picked.length === members.length;
  const close = () => setOpen(undefined);
  return (
    <SectionPage title={t('title')} lead={t('lead')} filled>
      <div className={styles.section}>
        <MemberFilters filter={filter} onChange={changeFilter} />
        <div className={styles.bar}>
          <span className={styles.count} data-testid="members-count">
            {picked.length > 0 ? t('picked', { count: picked.length }) : t('found', { count: members.length })}
          </span>
          {members.length > 0 && (
            <Button
              size="xs"
              variant="default"
              data-testid="members-all"
              onClick={() => setChosen(all ? new Set() : new Set(members.map((one) => one.user_uuid)))}
            >
              {t(all ? 'choose_none' : 'choose_all')}
            </Button>
          )}
          {picked.length > 0 && (
            <BulkActs
              owner={role === 'owner'}
              onAction={(action) => setOpen({ kind: 'action', action, people: picked })}
            />
          )}
        </div>
        {members.length === 0 ? (
          <EmptyState icon={<IconUsers />} title={t('empty_title')} text={t('empty_text')} testId="members-empty" />
        ) : (
          <MemberTable members={members} chosen={chosen} onToggle={toggle} onOpen={openMember} />
        )}
      </div>
      {open?.kind === 'member' && (
        <MemberDialog
          member={open.member}
          onAction={(action, member) =>
            setOpen(
              action === 'delete' || action === 'code'
                ? { kind: action, member }
                : { kind: 'action', action, people: [member] },
            )
          }
          onClose={close}
        />
      )}
      {open?.kind === 'action' && (
        <ActionDialog action={open.action} people={open.people} onDone={() => setChosen(new Set())} onClose={close} />
      )}
      {open?.kind === 'delete' && <DeleteDialog member={open.member} onClose={close} />}
      {open?.kind === 'code' && <CodeDialog person={open.member} onClose={close} />}
    </SectionPage>
  );
}

interface MemberFiltersProps {
  filter: MemberFilter;
  onChange: (change: Partial<MemberFilter>) => void;
}

function MemberFilters({ filter, onChange }: MemberFiltersProps) {
  const { t } = useTranslation('members');
  const { query, department, role, state, order } = filter;
  return (
    <div className={styles.filters}>
      <SearchField
        value={query}
        onChange={(text) => onChange({ query: text })}
        label={t('search')}
        placeholder={t('search')}
        testId="members-search"
      />
      <MemberChoices department={department} role={role} state={state} order={order} onChange={onChange} />
    </div>
  );
}

type MemberChoicesProps = Omit<MemberFilter, 'query'> & Pick<MemberFiltersProps, 'onChange'>;

/** What is chosen and not typed. A key does not render it: there may be hundreds of departments. */
const MemberChoices = memo(function MemberChoices({ department, role, state, order, onChange }: MemberChoicesProps) {
  const { t } = useTranslation('members');
  const departments = useMirror((mirror) => mirror.departments);
  const choices = useMemo(() => departmentChoices(departments), [departments]);
  return (
    <>
      <NativeSelect
        aria-label={t('field.department')}
        data-testid="members-department"
        value={department}
        data={[
          { value: '', label: t('every_department') },
          ...choices.map(({ uuid, label }) => ({ value: uuid, label })),
        ]}
        onChange={(event) => onChange({ department: event.currentTarget.value })}
      />
      <NativeSelect
        aria-label={t('field.role')}
        data-testid="members-role"
        value={role}
        data={[{ value: '', label: t('every_role') }, ...roles.map((value) => ({ value, label: t(`role.${value}`) }))]}
        onChange={(event) => onChange({ role: event.currentTarget.value })}
      />
      <NativeSelect
        aria-label={t('field.state')}
        data-testid="members-state"
        value={state}
        data={[
          { value: '', label: t('every_state') },
          ...states.map((value) => ({ value, label: t(`state.${value}`) })),
        ]}
        onChange={(event) => onChange({ state: event.currentTarget.value })}
      />
      <NativeSelect
        aria-label={t('order_label')}
        data-testid="members-order"
        value={order}
        data={orders.map((value) => ({ value, label: t(`order.${value}`) }))}
        onChange={(event) => onChange({ order: orders.find((one) => one === event.currentTarget.value) ?? 'name' })}
      />
    </>
  );
});

interface BulkActsProps {
  /** Only owners give roles. */
  owner: boolean;
  onAction: (action: MemberAction) => void;
}

function BulkActs({ owner, onAction }: BulkActsProps) {
  const { t } = useTranslation('members');
  const actions: MemberAction[] = ['sign_out', 'move', 'disable', 'enable'];
  if (owner) actions.unshift('role');
  return actions.map((action) => (
    <Button key={action} size="xs" variant="default" data-testid={`bulk-${action}`} onClick={() => onAction(action)}>
      {t(`act.${action}`)}
    </Button>
  ));
}
