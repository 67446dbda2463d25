/** The fake's answers about people, departments, imports and archives, for administrators. */
import type { Bridge } from '@/bridge/bridge';
import type { Backup, Department, PendingReset, PeopleImport, Profile } from '@/bridge/types';
import { person } from './company';
import { importRows } from './import-rows';
import { pageAt } from './pages';
import { refusal, type FakeWorld } from './world';

type PeopleCalls = Pick<
  Bridge,
  | 'applyImport'
  | 'approveReset'
  | 'assignPeople'
  | 'backups'
  | 'cancelBackup'
  | 'changeAccounts'
  | 'changeDepartment'
  | 'changePerson'
  | 'chooseImport'
  | 'choosePersonPicture'
  | 'createDepartment'
  | 'deleteDepartment'
  | 'deletePerson'
  | 'departmentRooms'
  | 'endDepartmentRoom'
  | 'endImport'
  | 'exportPeople'
  | 'importRows'
  | 'importStatus'
  | 'makeResetCode'
  | 'pendingResets'
  | 'person'
  | 'rejectReset'
  | 'removePersonPicture'
  | 'saveBackup'
  | 'saveImportCodes'
  | 'setDepartmentRoom'
  | 'stopSaving'
>;

const day = 86_400_000;

/** The calls of PeopleCalls over a world. */
export function peopleCalls(world: FakeWorld): PeopleCalls {
  const answer = <T>(value: () => T) =>
    new Promise<T>((resolve, reject) => {
      world.later(120, () => {
        if (world.options.fail === '') resolve(value());
        else reject(refusal(world.options.fail));
      });
    });
  return {
    ...resetAnswers(world, answer),
    ...personAnswers(world, answer),
    ...departmentAnswers(world, answer),
    ...fileAnswers(world, answer),
  };
}

type Answer = <T>(value: () => T) => Promise<T>;

/** Requests for a new password, as many as the world has. */
export function waitingResets(now: number): PendingReset[] {
  return [7, 18].map((index, at) => {
    const { user_uuid, name, username, employee_id, department, email } = person(index);
    const requested_at = now - (at * 50 + 6) * 60_000;
    return {
      id: at + 1,
      user_uuid,
      name,
      username,
      employee_id,
      department,
      email,
      compare_code: at === 0 ? '482913' : '057731',
      remote_addr: '10.20.4.18',
      requested_at,
      expires_at: requested_at + day,
    };
  });
}

function resetAnswers(world: FakeWorld, answer: Answer) {
  const decide = (id: number) =>
    answer(() => {
      world.resets = world.resets.filter((reset) => reset.id !== id);
      world.emit({
        admin: { pending_users: world.pending.length, pending_resets: world.resets.length, failed_hooks: 1 },
      });
    });
  return {
    pendingResets: () => answer(() => [...world.resets]),
    approveReset: decide,
    rejectReset: decide,
    makeResetCode: () => answer(() => ({ code: 'K7PM-3XQD', expires_at: world.now() + 10 * 60_000 })),
  };
}

function personAnswers(world: FakeWorld, answer: Answer) {
  const put = (changed: Profile[]) => {
    for (const profile of changed) world.people.set(profile.user_uuid, profile);
    world.emit({ people: changed });
  };
  const found = (uuid: string) => {
    const profile = world.people.get(uuid);
    if (!profile) throw refusal('not_found');
    return profile;
  };
  const details = (uuid: string) => ({
    ...found(uuid),
    birth_date: '1990-03-14',
    created_at: world.now() - 400 * day,
    has_password: true,
  });
  return {
    person: (uuid: string) => answer(() => details(uuid)),
    changePerson: (uuid: string, change: Partial<Profile>) =>
      answer(() => {
        const place =
          change.department_uuid === undefined
            ? {}
            : { department: world.departments.get(change.department_uuid)?.name ?? '' };
        put([{ ...found(uuid), ...change, ...place }]);
        return details(uuid);
      }),
    choosePersonPicture: () => answer(() => true),
    removePersonPicture: () => answer(() => undefined),
    changeAccounts: (uuids: string[], change: { action: string; role: string }) =>
      answer(() => {
        const state = { disable: 'disabled', enable: 'active' }[change.action];
        const mine = world.state.me?.user_uuid;
        const others = uuids.filter((uuid) => uuid !== mine);
        const changed = state ? { state } : { role: change.role };
        if (change.action !== 'sign_out') put(others.map((uuid) => Object.assign({}, found(uuid), changed)));
        return uuids.map((uuid) =>
          uuid === mine
            ? { user_uuid: uuid, changed: false, refused: refusal('forbidden', 'oneself') }
            : { user_uuid: uuid, changed: true },
        );
      }),
    assignPeople: (uuids: string[], to: { department_uuid?: string }) =>
      answer(() => {
        const department_uuid = to.department_uuid ?? '';
        const department = world.departments.get(department_uuid)?.name ?? '';
        put(uuids.map((uuid) => ({ ...found(uuid), department_uuid, department })));
        return uuids.length;
      }),
  };
}

function departmentAnswers(world: FakeWorld, answer: Answer) {
  const put = (changed: Department) => {
    world.departments.set(changed.department_uuid, changed);
    world.emit({ departments: [changed] });
  };
  const found = (uuid: string) => {
    const department = world.departments.get(uuid);
    if (!department) throw refusal('not_found');
    return department;
  };
  return {
    createDepartment: (parent: string, name: string) =>
      answer(() => {
        const made = `00000000-0000-4000-9000-${String(world.departments.size + 1).padStart(12, '0')}`;
        put({
          department_uuid: made,
          ...(parent === '' ? {} : { parent_uuid: parent }),
          name,
          sort: world.departments.size,
          rev: 99,
        });
        return made;
      }),
    changeDepartment: (
      uuid: string,
      change: { name?: string; parent_uuid?: string; before_uuid?: string; head_uuid?: string },
    ) =>
      answer(() => {
        const { before_uuid: before, ...rest } = change;
        const sort = before === undefined ? {} : { sort: before === '' ? 999 : found(before).sort - 0.5 };
        put({ ...found(uuid), ...rest, ...sort });
      }),
    deleteDepartment: (uuid: string) => answer(() => put({ ...found(uuid), deleted: true })),
    departmentRooms: () =>
      answer(() => [
        { department_uuid: [...world.departments.keys()][3] ?? '', room_uuid: 'r', whole: false, member_count: 4 },
      ]),
    setDepartmentRoom: () => answer(() => undefined),
    endDepartmentRoom: () => answer(() => undefined),
  };
}

function backup(world: FakeWorld, at: number, name: string, change: Partial<Backup>): Backup {
  return {
    backup_uuid: `00000000-0000-4000-d000-${String(at).padStart(12, '0')}`,
    user_uuid: person(at % 20).user_uuid,
    name,
    reason: '퇴사',
    state: 'done',
    failure: '',
    protected: false,
    rooms: 24,
    rooms_done: 24,
    messages: 18_204,
    files: 311,
    size: 734_003_200,
    sha256: 'a43f9c117be0526d881af30c95d72e41b60f73ca185e942bdd6037f80ac149e2',
    requested_by: person(13).user_uuid,
    requested_at: world.now() - at * day,
    finished_at: world.now() - at * day + 60_000,
    expires_at: world.now() + (90 - at) * day,
    ...change,
  };
}

function fileAnswers(world: FakeWorld, answer: Answer) {
  const none: PeopleImport = {
    state: '',
    total: 0,
    done: 0,
    counts: {},
    columns: [],
    ignored_columns: [],
    new_departments: [],
    failure: '',
    created_at: 0,
  };
  const read: PeopleImport = {
    state: 'ready',
    total: 6,
    done: 6,
    counts: { create: 2, change: 2, unchanged: 1, error: 1 },
    columns: ['employee_id', 'name', 'department', 'email'],
    ignored_columns: ['비고'],
    new_departments: ['개발본부 > 개발3팀'],
    failure: '',
    created_at: world.now() - 4 * 60_000,
  };
  const asked = world.options.importing;
  const half = { created: 1, create: 1, change: 2, unchanged: 1, error: 1 };
  let held: PeopleImport = asked === '' ? none : { ...read, state: asked };
  if (asked === 'applying' || asked === 'cancelled') held = { ...held, done: 1, counts: half };
  if (asked === 'applied') held = { ...held, counts: { created: 2, changed: 2, unchanged: 1, error: 1 } };
  if (asked === 'failed') held = { ...none, state: asked, failure: 'import_columns' };
  let backups = [
    backup(world, 1, '최현우', { state: 'running', rooms_done: 9, finished_at: 0, size: 0, sha256: '' }),
    backup(world, 5, '강민호', { protected: true }),
    backup(world, 30, '조은비', { state: 'failed', failure: 'disk_full', size: 0, sha256: '' }),
    // A company of many people has had many.
    ...Array.from({ length: Math.floor(world.options.people / 40) }, (_, index) =>
      backup(world, 31 + index, person(index % 15).name, {}),
    ),
  ];
  return {
    chooseImport: () =>
      answer(() => {
        held = read;
        return true;
      }),
    importStatus: () => answer(() => held),
    importRows: (_after: number, only: string) =>
      answer(() => ({ rows: importRows(held.state).filter((row) => only === '' || row.fate === only), next: 0 })),
    applyImport: () =>
      answer(() => {
        held = { ...held, state: 'applied', counts: { created: 2, changed: 2, unchanged: 1, error: 1 } };
      }),
    endImport: () =>
      answer(() => {
        held = none;
      }),
    saveImportCodes: () => answer(() => true),
    exportPeople: () => answer(() => true),
    deletePerson: (uuid: string) =>
      answer(() => {
        const made = backup(world, 0, world.people.get(uuid)?.name ?? '', {
          user_uuid: uuid,
          state: 'running',
          rooms_done: 0,
          finished_at: 0,
        });
        backups = [made, ...backups];
        return made;
      }),
    backups: (before: number) =>
      answer(() => {
        const { items, next } = pageAt(world.options.empty ? [] : backups, before);
        return { backups: items, next };
      }),
    cancelBackup: (uuid: string) =>
      answer(() => {
        backups = backups.map((one) =>
          one.backup_uuid === uuid ? Object.assign({}, one, { state: 'cancelled' }) : one,
        );
      }),
    saveBackup: () => answer(() => true),
    stopSaving: () => answer(() => undefined),
  };
}
