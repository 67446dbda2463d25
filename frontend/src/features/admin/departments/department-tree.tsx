import { Menu } from '@mantine/core';
import { IconChevronRight, IconDotsVertical, IconMessages } from '@tabler/icons-react';
import { useState, type CSSProperties, type DragEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useMirror } from '@/bridge/session-context';
import { IconButton } from '@/components/icon-button';
import { LongList } from '@/features/admin/long-list';
import styles from './departments.module.css';
import { sideAt, type Node, type Side, type TreeRow } from './departments-model';

/** What is done to a department through a dialog. */
export type DepartmentAct = 'create' | 'rename' | 'move' | 'head' | 'room' | 'delete';

export interface DepartmentTreeProps {
  rows: readonly TreeRow[];
  /** Which departments have a room: true with the people below them. */
  rooms: ReadonlyMap<string, boolean>;
  onFold: (department: string) => void;
  onAct: (act: DepartmentAct, node: Node) => void;
  onStep: (node: Node, step: -1 | 1) => void;
  onDrop: (moved: string, on: Node, side: Side) => void;
}

/** The departments; only those in view are in the page. A line can be dragged; its menu does the same by keyboard. */
export function DepartmentTree({ rows, onDrop, ...acts }: DepartmentTreeProps) {
  const { t } = useTranslation('departments');
  const [dragged, setDragged] = useState<string>();
  const [aim, setAim] = useState<{ on: string; side: Side }>();
  const end = () => {
    setDragged(undefined);
    setAim(undefined);
  };
  return (
    <LongList
      label={t('title')}
      testId="departments-list"
      items={rows}
      keyOf={({ node }) => node.department.department_uuid}
      rowHeight={48}
    >
      {(row) => {
        const id = row.node.department.department_uuid;
        return (
          <DepartmentRow
            row={row}
            {...acts}
            aim={aim?.on === id ? aim.side : undefined}
            dragged={dragged === id}
            onDragStart={(event) => {
              event.dataTransfer.effectAllowed = 'move';
              event.dataTransfer.setData('text/plain', row.node.department.name);
              setDragged(id);
            }}
            onDragOver={(event) => {
              if (dragged === undefined) return; // a file, or something of another program
              event.preventDefault();
              const { top, height } = event.currentTarget.getBoundingClientRect();
              const side = sideAt(event.clientY - top, height);
              if (aim?.on !== id || aim.side !== side) setAim({ on: id, side });
            }}
            onDrop={(event) => {
              if (dragged === undefined) return;
              event.preventDefault();
              const { top, height } = event.currentTarget.getBoundingClientRect();
              onDrop(dragged, row.node, sideAt(event.clientY - top, height));
              end();
            }}
            onDragEnd={end}
          />
        );
      }}
    </LongList>
  );
}

type RowEvent = (event: DragEvent<HTMLDivElement>) => void;

interface DepartmentRowProps extends Omit<DepartmentTreeProps, 'rows' | 'onDrop'> {
  row: TreeRow;
  aim: Side | undefined;
  dragged: boolean;
  onDragStart: RowEvent;
  onDragOver: RowEvent;
  onDrop: RowEvent;
  onDragEnd: RowEvent;
}

function DepartmentRow(props: DepartmentRowProps) {
  const { row, rooms, aim, dragged, onFold, onAct, onStep, ...drag } = props;
  const { t } = useTranslation('departments');
  const { node, depth, open, place } = row;
  const { department_uuid: id, name, head_uuid: head } = node.department;
  const headName = useMirror((mirror) => mirror.people.get(head ?? '')?.name ?? '');
  const room = rooms.get(id);
  return (
    <div
      className={styles.row}
      style={{ '--depth': depth } as CSSProperties}
      data-testid="department"
      data-name={name}
      data-aim={aim}
      data-dragged={dragged}
      draggable
      {...drag}
    >
      {open === undefined ? (
        <span className={styles.noFold} />
      ) : (
        <button
          type="button"
          className={styles.fold}
          aria-expanded={open}
          aria-label={t('fold', { name })}
          data-testid="department-fold"
          onClick={() => onFold(id)}
        >
          <IconChevronRight className={styles.chevron} data-open={open} aria-hidden="true" />
        </button>
      )}
      <span className={styles.words}>
        <strong className={styles.line}>{name}</strong>
        {(place !== '' || headName !== '') && (
          <span className={styles.second}>{place === '' ? t('head_is', { name: headName }) : place}</span>
        )}
      </span>
      {room !== undefined && (
        <span className={styles.mark} role="img" aria-label={t(room ? 'room.whole_mark' : 'room.own_mark')}>
          <IconMessages className={styles.small} aria-hidden="true" />
          <span className={styles.markText}>{t(room ? 'room.whole_mark' : 'room.own_mark')}</span>
        </span>
      )}
      <span className={styles.count}>
        {node.children.length === 0
          ? t('people', { count: node.total })
          : t('people_of', { own: node.own, count: node.total })}
      </span>
      <DepartmentMenu node={node} onAct={onAct} onStep={onStep} />
    </div>
  );
}

type DepartmentMenuProps = Pick<DepartmentTreeProps, 'onAct' | 'onStep'> & { node: Node };

function DepartmentMenu({ node, onAct, onStep }: DepartmentMenuProps) {
  const { t } = useTranslation('departments');
  const item = (act: DepartmentAct) => (
    <Menu.Item
      {...(act === 'delete' ? { color: 'red' } : {})}
      data-testid={`department-${act}`}
      onClick={() => onAct(act, node)}
    >
      {t(`act.${act}`)}
    </Menu.Item>
  );
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <IconButton label={t('menu', { name: node.department.name })} testId="department-menu">
          <IconDotsVertical className={styles.icon} aria-hidden="true" />
        </IconButton>
      </Menu.Target>
      <Menu.Dropdown>
        {item('create')}
        {item('rename')}
        {item('head')}
        {item('room')}
        <Menu.Divider />
        {item('move')}
        <Menu.Item data-testid="department-up" onClick={() => onStep(node, -1)}>
          {t('act.up')}
        </Menu.Item>
        <Menu.Item data-testid="department-down" onClick={() => onStep(node, 1)}>
          {t('act.down')}
        </Menu.Item>
        <Menu.Divider />
        {item('delete')}
      </Menu.Dropdown>
    </Menu>
  );
}
