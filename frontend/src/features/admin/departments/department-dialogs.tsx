import { Radio, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge } from '@/bridge/session-context';
import { fieldError } from '@/components/field-error';
import { ActDialog } from '@/features/admin/act-dialog';
import type { Node, Tree } from './departments-model';
import { DepartmentPicker, PersonPicker } from './pickers';

export interface NameDialogProps {
  /** Renamed is this one; without it a new one is made. */
  node?: Node | undefined;
  /** Where the new one is made; undefined: at the top. */
  parent?: Node | undefined;
  onClose: () => void;
}

/** The name of a new department, or another name of one. */
export function NameDialog({ node, parent, onClose }: NameDialogProps) {
  const { t } = useTranslation('departments');
  const bridge = useBridge();
  const [name, setName] = useState(node?.department.name ?? '');
  const [left, setLeft] = useState(false);
  const wanted = name.trim();
  const title =
    (node && t('rename.title', { name: node.department.name })) ??
    (parent ? t('create.below', { name: parent.department.name }) : t('create.top'));
  const wrong = (wanted === '' && t('name_missing')) || (wanted.includes('>') && t('name_mark')) || undefined;
  return (
    <ActDialog
      name="department"
      hasField
      title={title}
      okLabel={t(node ? 'rename.ok' : 'create.ok')}
      missing={wrong !== undefined}
      call={() =>
        node
          ? bridge.changeDepartment(node.department.department_uuid, { name: wanted })
          : bridge.createDepartment(parent?.department.department_uuid ?? '', wanted)
      }
      done={t(node ? 'rename.done' : 'create.done', { name: wanted })}
      onClose={onClose}
    >
      {(tried, failure) => (
        <>
          <TextInput
            label={t('name')}
            value={name}
            maxLength={100}
            withAsterisk
            error={tried || left ? (wrong ?? fieldError(failure, 'name')) : undefined}
            data-autofocus
            data-testid="department-name"
            onBlur={() => setLeft(true)}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          {node && <span>{t('rename.text')}</span>}
        </>
      )}
    </ActDialog>
  );
}

export interface NodeDialogProps {
  tree: Tree;
  node: Node;
  onClose: () => void;
}

/** Puts a department below another one: what dragging does, by keyboard. */
export function MoveDialog({ tree, node, onClose }: NodeDialogProps) {
  const { t } = useTranslation('departments');
  const bridge = useBridge();
  const { department_uuid: id, name } = node.department;
  const [to, setTo] = useState(node.parent?.department.department_uuid ?? '');
  return (
    <ActDialog
      name="department"
      hasField
      title={t('move.title', { name })}
      okLabel={t('move.ok')}
      call={() => bridge.changeDepartment(id, { parent_uuid: to, before_uuid: '' })}
      done={t('move.done', { name })}
      onClose={onClose}
    >
      <span>{t('move.text')}</span>
      <DepartmentPicker tree={tree} without={node} top={t('top')} value={to} onChange={setTo} />
    </ActDialog>
  );
}

/** Chooses who leads a department. */
export function HeadDialog({ node, onClose }: Omit<NodeDialogProps, 'tree'>) {
  const { t } = useTranslation('departments');
  const bridge = useBridge();
  const { department_uuid: id, name } = node.department;
  const [head, setHead] = useState(node.department.head_uuid ?? '');
  return (
    <ActDialog
      name="department"
      hasField
      title={t('head.title', { name })}
      okLabel={t('head.ok')}
      call={() => bridge.changeDepartment(id, { head_uuid: head })}
      done={t('head.done', { name })}
      onClose={onClose}
    >
      <span>{t('head.text')}</span>
      <PersonPicker near={node} value={head} onChange={setHead} />
    </ActDialog>
  );
}

type RoomChoice = 'none' | 'own' | 'whole';

export interface RoomDialogProps {
  node: Node;
  /** undefined: there is no room; true: with the people of all departments below. */
  room: boolean | undefined;
  onDone: () => void;
  onClose: () => void;
}

/** Whether a department has a room, and whose. */
export function RoomDialog({ node, room, onDone, onClose }: RoomDialogProps) {
  const { t } = useTranslation('departments');
  const bridge = useBridge();
  const { department_uuid: id, name } = node.department;
  const held = room === undefined ? 'none' : (`${room ? 'whole' : 'own'}` as const);
  const [choice, setChoice] = useState<RoomChoice>(held);
  const ends = choice === 'none' && held !== 'none';
  async function call() {
    if (choice !== 'none') await bridge.setDepartmentRoom(id, choice === 'whole');
    else if (ends) await bridge.endDepartmentRoom(id);
    onDone();
  }
  return (
    <ActDialog
      name="department"
      danger={ends}
      hasField
      title={t('room.title', { name })}
      okLabel={t(ends ? 'room.end' : 'room.ok')}
      call={call}
      done={t(choice === 'none' ? 'room.ended' : 'room.done', { name })}
      onClose={onClose}
    >
      <Radio.Group aria-label={t('room.which')} value={choice} onChange={(value) => setChoice(value as RoomChoice)}>
        <Stack gap="sm">
          <Radio value="none" label={t('room.none')} data-testid="room-none" data-autofocus />
          <Radio value="own" label={t('room.own', { count: node.own })} data-testid="room-own" />
          <Radio value="whole" label={t('room.whole', { count: node.total })} data-testid="room-whole" />
        </Stack>
      </Radio.Group>
      <span>{t(ends ? 'room.end_text' : 'room.text')}</span>
    </ActDialog>
  );
}

/** Deletes a department: says how many are in it, and asks where they go. */
export function DeleteDialog({ tree, node, onClose }: NodeDialogProps) {
  const { t } = useTranslation('departments');
  const bridge = useBridge();
  const { department_uuid: id, name } = node.department;
  const [to, setTo] = useState(node.parent?.department.department_uuid ?? '');
  const below = node.children.length;
  const used = node.own + below > 0;
  return (
    <ActDialog
      name="department"
      danger
      hasField={used}
      title={t('delete.title', { name })}
      okLabel={t(used ? 'delete.ok_move' : 'delete.ok')}
      call={() => bridge.deleteDepartment(id, used ? to || 'top' : '')}
      done={t('delete.done', { name })}
      onClose={onClose}
    >
      {used ? (
        <>
          <span data-testid="delete-counts">
            {t('delete.used', { people: t('people', { count: node.own }), below: t('below', { count: below }) })}
          </span>
          <DepartmentPicker tree={tree} without={node} top={t('delete.top')} value={to} onChange={setTo} />
        </>
      ) : (
        <span>{t('delete.empty')}</span>
      )}
      <span>{t('delete.room')}</span>
    </ActDialog>
  );
}
