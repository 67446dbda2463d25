import { Button } from '@mantine/core';
import { IconHierarchy } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asFailure } from '@/bridge/failure';
import { useBridge, useMirror } from '@/bridge/session-context';
import type { Failure } from '@/bridge/types';
import { EmptyState } from '@/components/empty-state';
import { FailureNotice } from '@/components/failure-notice';
import { SearchField } from '@/components/search-field';
import { useToast } from '@/components/toast';
import { SectionPage } from '@/features/admin/section-page';
import { useLoaded } from '@/features/admin/use-loaded';
import { DeleteDialog, HeadDialog, MoveDialog, NameDialog, RoomDialog } from './department-dialogs';
import { DepartmentTree, type DepartmentAct } from './department-tree';
import styles from './departments.module.css';
import {
  dropPlace,
  makeTree,
  placeOf,
  samePlace,
  stepPlace,
  treeRows,
  type Node,
  type Place,
  type Side,
  type Tree,
} from './departments-model';

/** What the server says to it, known beforehand. */
const cycle: Failure = { code: 'conflict', reason: 'department_cycle', message: '', request_id: '', retry_ms: 0 };

const noRooms: ReadonlyMap<string, boolean> = new Map();

/** The departments: made, named, moved, led, given rooms, and deleted. */
export function DepartmentsSection() {
  const { t } = useTranslation('departments');
  const people = useMirror((mirror) => mirror.people);
  const departments = useMirror((mirror) => mirror.departments);
  const [query, setQuery] = useState('');
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const [open, setOpen] = useState<{ act: DepartmentAct; node: Node | undefined }>();
  const tree = useMemo(() => makeTree(departments.values(), people.values()), [departments, people]);
  const rows = useMemo(() => treeRows(tree, folded, query), [tree, folded, query]);
  const rooms = useRooms();
  const { problem, move } = useMove(tree);

  function fold(id: string) {
    const next = new Set(folded);
    if (!next.delete(id)) next.add(id);
    setFolded(next);
  }
  function drop(moved: string, on: Node, side: Side) {
    const node = tree.nodes.get(moved);
    if (node) move(node, dropPlace(tree, node, on, side));
  }
  const make = (
    <Button data-testid="department-new" onClick={() => setOpen({ act: 'create', node: undefined })}>
      {t('new')}
    </Button>
  );
  return (
    <SectionPage title={t('title')} lead={t('lead')} actions={make} filled>
      <div className={styles.section}>
        <div className={styles.filters}>
          <SearchField
            value={query}
            onChange={setQuery}
            label={t('search')}
            placeholder={t('search')}
            testId="departments-search"
          />
          <span className={styles.found}>{t('found', { count: rows.length })}</span>
          <FoldAll tree={tree} folded={folded} onChange={setFolded} />
        </div>
        {problem && <FailureNotice failure={problem} title={t('move.failed')} testId="departments-problem" />}
        {rooms.failure && (
          <div className={styles.problem}>
            <FailureNotice failure={rooms.failure} title={t('room.failed')} />
            <Button variant="default" onClick={rooms.reload}>
              {t('room.retry')}
            </Button>
          </div>
        )}
        {rows.length === 0 ? (
          <EmptyState
            icon={<IconHierarchy />}
            title={t(query === '' ? 'empty_title' : 'none_found')}
            text={t(query === '' ? 'empty_text' : 'none_text')}
            testId="departments-empty"
          />
        ) : (
          <DepartmentTree
            rows={rows}
            rooms={rooms.rooms}
            onFold={fold}
            onAct={(act, node) => setOpen({ act, node })}
            onStep={(node, step) => {
              const place = stepPlace(tree, node, step);
              if (place) move(node, place);
            }}
            onDrop={drop}
          />
        )}
      </div>
      {open && (
        <OpenDialog
          {...open}
          tree={tree}
          rooms={rooms.rooms}
          onRooms={rooms.reload}
          onClose={() => setOpen(undefined)}
        />
      )}
    </SectionPage>
  );
}

/** Which departments have a room. */
function useRooms() {
  const bridge = useBridge();
  const { state, reload } = useLoaded(bridge.departmentRooms);
  const rooms = useMemo(
    () =>
      state.kind === 'loaded'
        ? new Map(state.value.map(({ department_uuid: id, whole }) => [id, whole] as const))
        : noRooms,
    [state],
  );
  return { rooms, reload, failure: state.kind === 'failed' ? state.failure : undefined };
}

/** Moves departments at once, with a way back. */
function useMove(tree: Tree) {
  const { t } = useTranslation('departments');
  const bridge = useBridge();
  const toast = useToast();
  const [problem, setProblem] = useState<Failure>();
  const put = (node: Node, place: Place, done: () => void) => {
    setProblem(undefined);
    bridge
      .changeDepartment(node.department.department_uuid, { ...place })
      .then(done, (error: unknown) => setProblem(asFailure(error)));
  };
  const move = (node: Node, place: Place | undefined) => {
    if (!place) {
      setProblem(cycle);
      return;
    }
    const was = placeOf(tree, node);
    if (samePlace(was, place)) return;
    const { name } = node.department;
    put(node, place, () =>
      toast(t('move.done', { name }), {
        label: t('move.undo'),
        onPress: () => put(node, was, () => toast(t('move.undone', { name }))),
      }),
    );
  };
  return { problem, move };
}

interface FoldAllProps {
  tree: Tree;
  folded: ReadonlySet<string>;
  onChange: (folded: ReadonlySet<string>) => void;
}

function FoldAll({ tree, folded, onChange }: FoldAllProps) {
  const { t } = useTranslation('departments');
  const able = [...tree.nodes].filter(([, node]) => node.children.length > 0).map(([id]) => id);
  if (able.length === 0) return null;
  const any = able.some((id) => !folded.has(id));
  return (
    <Button
      size="xs"
      variant="default"
      data-testid="departments-fold"
      onClick={() => onChange(new Set(any ? able : []))}
    >
      {t(any ? 'fold_all' : 'open_all')}
    </Button>
  );
}

interface OpenDialogProps {
  act: DepartmentAct;
  node: Node | undefined;
  tree: Tree;
  rooms: ReadonlyMap<string, boolean>;
  onRooms: () => void;
  onClose: () => void;
}

function OpenDialog({ act, node, tree, rooms, onRooms, onClose }: OpenDialogProps) {
  if (act === 'create' || !node) return <NameDialog parent={node} onClose={onClose} />;
  if (act === 'rename') return <NameDialog node={node} onClose={onClose} />;
  if (act === 'move') return <MoveDialog tree={tree} node={node} onClose={onClose} />;
  if (act === 'head') return <HeadDialog node={node} onClose={onClose} />;
  if (act === 'delete') return <DeleteDialog tree={tree} node={node} onClose={onClose} />;
  const room = rooms.get(node.department.department_uuid);
  return <RoomDialog node={node} room={room} onDone={onRooms} onClose={onClose} />;
}
