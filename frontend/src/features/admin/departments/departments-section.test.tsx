import { fireEvent, screen, waitFor } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import type { Bridge } from '@/bridge/bridge';
import { ToastProvider } from '@/components/toast';
import { AdminProvider } from '@/features/admin/admin-context';
import { renderPage } from '@/test-page';
import { DeleteDialog, MoveDialog, NameDialog, RoomDialog } from './department-dialogs';
import { makeTree, type Node, type Tree } from './departments-model';
import { DepartmentsSection } from './departments-section';

const nothing = () => undefined;
const admin = { subject: undefined, role: 'admin', onSection: nothing, onPerson: nothing, onRoom: nothing };

/** Renders something with the fake company's tree. */
async function render(view: (tree: Tree) => React.ReactNode, calls: Partial<Bridge> = {}, query = '') {
  await renderPage(
    ({ mirror }) => {
      const { departments, people } = mirror.getState();
      return (
        <ToastProvider>
          <AdminProvider admin={admin}>{view(makeTree(departments.values(), people.values()))}</AdminProvider>
        </ToastProvider>
      );
    },
    calls,
    query,
  );
}

function named(tree: Tree, name: string): Node {
  const node = [...tree.nodes.values()].find(({ department }) => department.name === name);
  if (!node) throw new Error(`no department ${name}`);
  return node;
}

test('without any it says so, and one can be made', async () => {
  const createDepartment = vi.fn<Bridge['createDepartment']>(async () => 'd1');
  await render(() => <DepartmentsSection />, { createDepartment }, 'empty');
  expect(screen.getByTestId('departments-empty')).toBeTruthy();
  fireEvent.click(screen.getByTestId('department-new'));
  fireEvent.change(await screen.findByTestId('department-name'), { target: { value: ' 품질팀 ' } });
  fireEvent.click(screen.getByTestId('confirm-ok'));
  await waitFor(() => expect(createDepartment).toHaveBeenCalledWith('', '품질팀'));
});

test('rooms that can not be read are a failure with another try, and the tree stands', async () => {
  let fails = true;
  await render(() => <DepartmentsSection />, {
    departmentRooms: async () => {
      if (fails) throw new Error('{"code":"timeout","reason":"","message":"","request_id":"","retry_ms":0}');
      return [];
    },
  });
  const retry = await screen.findByText('다시 시도');
  expect(screen.getByTestId('departments-list')).toBeTruthy();
  fails = false;
  fireEvent.click(retry);
  await waitFor(() => expect(screen.queryByText('다시 시도')).toBeNull());
});

test('a refused name says why', async () => {
  const changeDepartment: Bridge['changeDepartment'] = async () => {
    throw new Error('{"code":"conflict","reason":"department_name","message":"","request_id":"r1","retry_ms":0}');
  };
  await render((tree) => <NameDialog node={named(tree, '개발1팀')} onClose={nothing} />, { changeDepartment });
  fireEvent.change(screen.getByTestId('department-name'), { target: { value: '개발2팀' } });
  fireEvent.click(screen.getByTestId('confirm-ok'));
  const problem = await screen.findByTestId('department-problem');
  expect(problem.textContent).toContain('같은 이름의 부서가 있습니다');
});

test('a name with the sign of a path is not sent', async () => {
  const createDepartment = vi.fn<Bridge['createDepartment']>(async () => 'd1');
  await render(() => <NameDialog onClose={nothing} />, { createDepartment });
  const field = screen.getByTestId('department-name');
  fireEvent.change(field, { target: { value: '개발 > 1팀' } });
  fireEvent.blur(field);
  fireEvent.click(screen.getByTestId('confirm-ok'));
  expect(await screen.findByText(/기호를 쓸 수 없습니다/)).toBeTruthy();
  expect(createDepartment).not.toHaveBeenCalled();
});

test('moving by keyboard puts it last below the chosen one', async () => {
  const changeDepartment = vi.fn<Bridge['changeDepartment']>(async () => undefined);
  let parent = '';
  await render(
    (tree) => {
      parent = named(tree, '개발본부').department.department_uuid;
      return <MoveDialog tree={tree} node={named(tree, '인사팀')} onClose={nothing} />;
    },
    { changeDepartment },
  );
  fireEvent.change(screen.getByTestId('picker-search'), { target: { value: '개발본부' } });
  fireEvent.keyDown(screen.getByTestId('picker-search'), { key: 'Enter' });
  fireEvent.click(screen.getByTestId('confirm-ok'));
  await waitFor(() =>
    expect(changeDepartment).toHaveBeenCalledWith(expect.any(String), { parent_uuid: parent, before_uuid: '' }),
  );
});

test.each([
  ['개발본부', '2명, 하위 부서 2개', 'top'],
  ['개발1팀', '4명, 하위 부서 0개', '00000000-0000-4000-9000-000000000003'],
])('deleting %s says how many are in it, and sends them up', async (name, counts, to) => {
  const deleteDepartment = vi.fn<Bridge['deleteDepartment']>(async () => undefined);
  await render((tree) => <DeleteDialog tree={tree} node={named(tree, name)} onClose={nothing} />, { deleteDepartment });
  expect(screen.getByTestId('delete-counts').textContent).toContain(counts);
  fireEvent.click(screen.getByTestId('confirm-ok'));
  await waitFor(() => expect(deleteDepartment).toHaveBeenCalledWith(expect.any(String), to));
});

test('a room is given with those below, and ended', async () => {
  const setDepartmentRoom = vi.fn<Bridge['setDepartmentRoom']>(async () => undefined);
  const endDepartmentRoom = vi.fn<Bridge['endDepartmentRoom']>(async () => undefined);
  await render(
    (tree) => <RoomDialog node={named(tree, '개발본부')} room={false} onDone={nothing} onClose={nothing} />,
    { setDepartmentRoom, endDepartmentRoom },
  );
  fireEvent.click(screen.getByTestId('room-whole'));
  fireEvent.click(screen.getByTestId('confirm-ok'));
  await waitFor(() => expect(setDepartmentRoom).toHaveBeenCalledWith(expect.any(String), true));
  await waitFor(() => expect(screen.getByTestId('confirm-ok').dataset['loading']).toBeUndefined());
  fireEvent.click(screen.getByTestId('room-none'));
  fireEvent.click(screen.getByTestId('confirm-ok'));
  await waitFor(() => expect(endDepartmentRoom).toHaveBeenCalledTimes(1));
});
