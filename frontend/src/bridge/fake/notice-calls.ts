/** The fake's answers about notices: mine, and those of administrators. */
import type { AdminNotice, NoticeChange, NoticeDraft, NoticePeopleQuery, NoticePerson, Profile } from '@/bridge/types';
import type { Answer } from './account-calls';
import { heldNotices, type FakeNotice } from './notices';
import { myself, refusal, type FakeWorld } from './world';

const pageSize = 20;
const peoplePage = 200;
const hour = 3_600_000;

function find(world: FakeWorld, noticeUuid: string): FakeNotice {
  const found = world.notices.find(({ notice_uuid }) => notice_uuid === noticeUuid);
  if (!found) throw refusal('not_found');
  return found;
}

const tell = (world: FakeWorld) => world.emit({ notices: heldNotices(world) });

/** An employee's calls. */
function readerCalls(world: FakeWorld, answer: Answer) {
  return {
    olderNotices: async () => {
      await answer(undefined);
      world.noticesShown += 50;
      tell(world);
    },
    readNotice: async (noticeUuid: string) => {
      find(world, noticeUuid).mine.read = true;
      tell(world);
    },
    confirmNotice: async (noticeUuid: string) => {
      if (world.state.link === 'offline') throw refusal('offline');
      await answer(undefined);
      const { mine } = find(world, noticeUuid);
      mine.read = true;
      mine.confirmed_at = world.now();
      tell(world);
    },
  };
}

/** The administrators' calls. */
function authorCalls(world: FakeWorld, answer: Answer) {
  return {
    allNotices: (before: number) => {
      const page = world.notices.slice(before, before + pageSize).map(plain);
      return answer({
        notices: page,
        next: before + pageSize < world.notices.length ? before + pageSize : 0,
      });
    },
    writeNotice: async (draft: NoticeDraft) => {
      await answer(undefined);
      world.notices.unshift(newNotice(world, draft));
      tell(world);
    },
    editNotice: async (noticeUuid: string, { ask_again, base_rev, ...change }: NoticeChange) => {
      await answer(undefined);
      const held = find(world, noticeUuid);
      if (held.rev !== base_rev) throw refusal('conflict', 'edit_conflict');
      Object.assign(held, change, { rev: held.rev + 1, edited_at: world.now() });
      if (ask_again)
        Object.assign(held, { read: 0, confirmed: 0, mine: { ...held.mine, read: false, confirmed_at: 0 } });
      tell(world);
    },
    withdrawNotice: async (noticeUuid: string) => {
      await answer(undefined);
      find(world, noticeUuid).withdrawn_at = world.now();
      tell(world);
    },
    remindNotice: async (noticeUuid: string) => {
      await answer(undefined);
      const held = find(world, noticeUuid);
      if (world.now() - held.reminded_at < hour) throw refusal('conflict', 'reminded');
      held.reminded_at = world.now();
      tell(world);
      return held.asked - held.confirmed;
    },
    noticeStatus: async (noticeUuid: string) => {
      await answer(undefined);
      const notice = plain(find(world, noticeUuid));
      return { notice, departments: byDepartment(world, notice) };
    },
    noticePeople: async (noticeUuid: string, query: NoticePeopleQuery) => {
      await answer(undefined);
      const all = askedPeople(world, find(world, noticeUuid), query);
      const next = query.after + peoplePage < all.length ? query.after + peoplePage : 0;
      return { people: all.slice(query.after, query.after + peoplePage), next };
    },
    saveNotice: () => answer(true),
  };
}

/** The calls about notices over a world. */
export function noticeCalls(world: FakeWorld, answer: Answer) {
  return { ...readerCalls(world, answer), ...authorCalls(world, answer) };
}

function plain({ mine: _mine, ...notice }: FakeNotice): AdminNotice {
  return { ...notice };
}

function newNotice(world: FakeWorld, draft: NoticeDraft): FakeNotice {
  const me = myself(world.options);
  return {
    ...draft,
    notice_uuid: `00000000-0000-4000-b000-${String(world.notices.length).padStart(12, '0')}`,
    author_uuid: me.user_uuid,
    author_name: me.name,
    rev: world.notices.length + 1,
    created_at: world.now(),
    edited_at: 0,
    reminded_at: 0,
    withdrawn_at: 0,
    asked: audience(world, draft.department_uuids).length,
    read: 0,
    confirmed: 0,
    mine: { asked: false, read: true, confirmed_at: 0 },
  };
}

function audience(world: FakeWorld, departmentUuids: readonly string[]): Profile[] {
  const within = new Set(departmentUuids);
  for (const { department_uuid, parent_uuid } of world.departments.values()) {
    if (parent_uuid !== undefined && within.has(parent_uuid)) within.add(department_uuid);
  }
  return [...world.people.values()].filter(
    ({ state, department_uuid = '' }) => state === 'active' && (within.size === 0 || within.has(department_uuid)),
  );
}

/** Whom it asks, and what each did: as many as its figures say, in a fixed order. */
function askedPeople(world: FakeWorld, notice: FakeNotice, query: NoticePeopleQuery): NoticePerson[] {
  const people = audience(world, notice.department_uuids).filter(({ user_uuid }) => user_uuid !== notice.author_uuid);
  const share = (count: number) => (notice.asked === 0 ? 0 : count / notice.asked);
  return people
    .map((person, index): NoticePerson & { place: string } => {
      const luck = ((index * 37) % 101) / 101;
      return {
        user_uuid: person.user_uuid,
        name: person.name,
        employee_id: person.employee_id,
        department: person.department,
        place: person.department_uuid ?? 'none',
        left: false,
        read_at: luck < share(notice.read) ? notice.created_at + (1 + luck) * hour : 0,
        confirmed_at: luck < share(notice.confirmed) ? notice.created_at + (1 + 2 * luck) * hour : 0,
      };
    })
    .filter(({ place, read_at, confirmed_at }) => {
      const settled = (notice.confirm ? confirmed_at : read_at) > 0;
      return (
        (query.department === '' || place === query.department) &&
        (query.settled === '' || settled === (query.settled === 'yes'))
      );
    })
    .map(({ place: _place, ...person }) => person);
}

function byDepartment(world: FakeWorld, notice: AdminNotice) {
  const held = find(world, notice.notice_uuid);
  return [...world.departments.values()]
    .map(({ department_uuid, name }) => {
      const people = askedPeople(world, held, { settled: '', department: department_uuid, after: 0 });
      const read = people.filter(({ read_at }) => read_at > 0).length;
      const confirmed = people.filter(({ confirmed_at }) => confirmed_at > 0).length;
      return { department_uuid, name, asked: people.length, read, confirmed };
    })
    .filter(({ asked }) => asked > 0)
    .toSorted((a, b) => b.asked - b.confirmed - (a.asked - a.confirmed));
}
