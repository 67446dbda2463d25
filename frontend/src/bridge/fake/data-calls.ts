/** The fake's answers about what the server keeps, and how it is, for administrators. */
import type {
  FilePolicy,
  Health,
  Hold,
  Retention,
  RetentionCount,
  RetentionPolicy,
  RetentionRun,
} from '@/bridge/types';
import type { Answer } from './account-calls';
import { person } from './company';
import { pageAt } from './pages';
import { refusal, type FakeWorld } from './world';

const minute = 60_000;
const day = 86_400_000;
const gigabyte = 1024 ** 3;

const knownTypes =
  'png jpg jpeg gif webp heic pdf doc docx xls xlsx ppt pptx hwp hwpx odt ods odp txt csv md zip rar 7z mp4 mp3 wav'.split(
    ' ',
  );

/** What there is of each class of rooms, for a rule of a year; an older rule finds less. */
const yearOld: readonly Omit<RetentionCount, 'oldest'>[] = [
  {
    class: 'direct',
    rooms: 412,
    messages: 184_220,
    files: 3_120,
    bytes: 21 * gigabyte,
    held_rooms: 6,
    held_messages: 2_140,
  },
  {
    class: 'group',
    rooms: 96,
    messages: 96_410,
    files: 2_204,
    bytes: 34 * gigabyte,
    held_rooms: 2,
    held_messages: 1_020,
  },
  {
    class: 'department',
    rooms: 38,
    messages: 51_007,
    files: 1_480,
    bytes: 18 * gigabyte,
    held_rooms: 0,
    held_messages: 0,
  },
  { class: 'notice', rooms: 1, messages: 212, files: 40, bytes: gigabyte, held_rooms: 0, held_messages: 0 },
  { class: 'self', rooms: 301, messages: 8_890, files: 350, bytes: 2 * gigabyte, held_rooms: 0, held_messages: 0 },
];

function runAt(index: number, now: number): RetentionRun {
  const at = now - (index + 1) * day;
  const cancelled = index === 2;
  return {
    run_uuid: `00000000-0000-4000-e000-${String(index + 1).padStart(12, '0')}`,
    state: cancelled ? 'cancelled' : 'done',
    phase: 'files',
    in_window: true,
    requested_by: cancelled ? person(0).user_uuid : '',
    started_at: at,
    updated_at: at + 9 * minute,
    finished_at: at + 9 * minute,
    due_messages: 1_204,
    due_files: 61,
    messages: cancelled ? 310 : 1_204,
    files: cancelled ? 0 : 61,
    bytes: cancelled ? 0 : gigabyte / 2,
  };
}

function firstHolds(world: FakeWorld): Hold[] {
  const now = world.now();
  const hold = {
    subject_kind: 'person',
    people: [],
    rooms: 24,
    placed_by: person(0).user_uuid,
    ended_by: '',
    ended_at: 0,
    end_reason: '',
  };
  const [held, released] = [person(3), person(5)];
  return [
    {
      ...hold,
      hold_uuid: '00000000-0000-4000-e100-000000000001',
      subject_uuid: held.user_uuid,
      subject_name: held.name,
      reason: '2026가합1234 소송 자료 보존',
      placed_at: now - 12 * day,
    },
    {
      ...hold,
      hold_uuid: '00000000-0000-4000-e100-000000000002',
      subject_uuid: released.user_uuid,
      subject_name: released.name,
      rooms: 0,
      reason: '내부 조사',
      placed_at: now - 90 * day,
      ended_by: person(0).user_uuid,
      ended_at: now - 30 * day,
      end_reason: '조사 종결',
    },
    // A company of many people has had many.
    ...Array.from({ length: Math.floor(world.options.people / 40) }, (_, index) => ({
      ...hold,
      hold_uuid: `00000000-0000-4000-e102-${String(index).padStart(12, '0')}`,
      subject_uuid: released.user_uuid,
      subject_name: person(index % 15).name,
      rooms: 0,
      reason: '내부 조사',
      placed_at: now - (120 + index) * day,
      ended_by: person(0).user_uuid,
      ended_at: now - (91 + index) * day,
      end_reason: '조사 종결',
    })),
  ];
}

function firstRetention(world: FakeWorld): Retention {
  const { empty } = world.options;
  return {
    rules: empty
      ? []
      : [
          { class: 'direct', message_days: 1095, file_days: 365 },
          { class: 'group', message_days: 1095, file_days: 365 },
        ],
    daily: !empty,
    window_from: 60,
    window_to: 300,
    rev: 3,
    file_policy_days: 0,
    utc_offset: 540,
    runs: empty ? [] : [0, 1, 2].map((index) => runAt(index, world.now())),
  };
}

/** How much more, or less, there is for a rule of so many days. */
function share(days: number): number {
  return days === 0 ? 0 : Math.min(365 / days, 4);
}

function counted(policy: RetentionPolicy, now: number): RetentionCount[] {
  return yearOld.map((year) => {
    const rule = policy.rules.find((one) => one.class === year.class);
    const messages = Math.round(year.messages * share(rule?.message_days ?? 0));
    const files = Math.max(share(rule?.message_days ?? 0), share(rule?.file_days ?? 0));
    return {
      class: year.class,
      rooms: messages === 0 ? 0 : year.rooms,
      messages,
      files: Math.round(year.files * files),
      bytes: Math.round(year.bytes * files),
      oldest: messages === 0 ? 0 : now - 2100 * day,
      held_rooms: messages === 0 ? 0 : year.held_rooms,
      held_messages: messages === 0 ? 0 : year.held_messages,
    };
  });
}

/** A list in which the first that fits is changed. */
function changed<T>(list: readonly T[], fits: (one: T) => boolean, change: (one: T) => Partial<T>): T[] {
  const at = list.findIndex((one) => fits(one));
  const found = list[at];
  return found === undefined ? [...list] : list.with(at, { ...found, ...change(found) });
}

/** A run that was looked at once more. */
function grown(run: RetentionRun): Partial<RetentionRun> {
  return { phase: 'messages', messages: Math.min(run.messages + 41_000, run.due_messages - 1) };
}

function retentionCalls(world: FakeWorld, answer: Answer) {
  let held = firstRetention(world);
  let holds = world.options.empty ? [] : firstHolds(world);
  const [done] = [runAt(0, world.now())];
  return {
    // A run grows with each look at it.
    retention: () => {
      held = { ...held, runs: changed(held.runs, (run) => run.state === 'running', grown) };
      return answer(held);
    },
    previewRetention: (policy: RetentionPolicy) => answer(counted(policy, world.now())),
    setRetention: async (policy: RetentionPolicy) => {
      await answer(undefined);
      if (policy.rev !== held.rev) throw refusal('conflict', 'edit_conflict');
      held = { ...held, ...policy, rev: policy.rev + 1 };
      return { ...policy, rev: held.rev };
    },
    startRetention: async (inWindow: boolean) => {
      await answer(undefined);
      const counts = counted(held, world.now());
      const sum = (pick: (count: RetentionCount) => number) => counts.reduce((all, count) => all + pick(count), 0);
      const run = {
        ...done,
        run_uuid: `00000000-0000-4000-e000-${String(held.runs.length + 10).padStart(12, '0')}`,
        state: inWindow ? 'waiting' : 'running',
        phase: 'counting',
        in_window: inWindow,
        requested_by: world.state.me?.user_uuid ?? '',
        started_at: world.now(),
        updated_at: world.now(),
        finished_at: 0,
        due_messages: sum((count) => count.messages),
        due_files: sum((count) => count.files),
        messages: 0,
        files: 0,
        bytes: 0,
      };
      held = { ...held, runs: [run, ...held.runs] };
    },
    cancelRetention: async (uuid: string) => {
      await answer(undefined);
      held = {
        ...held,
        runs: changed(
          held.runs,
          (run) => run.run_uuid === uuid,
          () => ({ state: 'cancelled', finished_at: world.now() }),
        ),
      };
    },
    holds: (before: number) => {
      const { items, next } = pageAt(holds, before);
      return answer({ holds: items, next });
    },
    placeHold: async (kind: string, subject: string, reason: string) => {
      await answer(undefined);
      const name = kind === 'person' ? world.people.get(subject)?.name : world.rooms.get(subject)?.room.name;
      holds = [
        {
          hold_uuid: `00000000-0000-4000-e100-${String(holds.length + 10).padStart(12, '0')}`,
          subject_kind: kind,
          subject_uuid: subject,
          subject_name: name ?? '',
          people: name === undefined ? [person(1).user_uuid, person(2).user_uuid] : [],
          rooms: kind === 'person' ? 17 : 1,
          reason,
          placed_by: world.state.me?.user_uuid ?? '',
          placed_at: world.now(),
          ended_by: '',
          ended_at: 0,
          end_reason: '',
        },
        ...holds,
      ];
    },
    endHold: async (uuid: string, reason: string) => {
      await answer(undefined);
      const end = () => ({
        rooms: 0,
        ended_by: world.state.me?.user_uuid ?? '',
        ended_at: world.now(),
        end_reason: reason,
      });
      holds = changed(holds, (hold) => hold.hold_uuid === uuid, end);
    },
  };
}

function health(world: FakeWorld): Health {
  const now = world.now();
  return {
    at: now,
    started_at: now - 12 * day - 5 * 60 * minute,
    version: '0.2.0',
    company_name: '한빛상사',
    lines: [
      { name: 'database', state: 'ok', text: 'MariaDB 10.11.14', figures: { latency_us: 412, bytes: 41 * gigabyte } },
      { name: 'disk', state: 'warn', cause: 'little', figures: { free: 0.8 * gigabyte, total: 500 * gigabyte } },
      { name: 'files', state: 'off', cause: 'same_disk' },
      { name: 'sockets', state: 'ok', figures: { sockets: 640, people: 412 } },
      { name: 'queues', state: 'ok', figures: { messages: 3, reads: 0, rooms: 0 } },
      { name: 'certificate', state: 'warn', cause: 'soon', figures: { until: now + 21 * day } },
      { name: 'clock', state: 'ok' },
      { name: 'scanner', state: 'bad', cause: 'down' },
      {
        name: 'directory',
        state: 'ok',
        figures: { at: now - 4 * minute, people: 638, changed: 2, left: 0, problems: 0 },
      },
      { name: 'apps', state: 'ok', text: '0.2.0', figures: { '0.2.0': 391, '0.1.4': 20, '0.1.2': 1 } },
      { name: 'nodes', state: 'ok', figures: { nodes: 2 } },
      { name: 'backup', state: 'off', cause: 'unknown' },
    ],
  };
}

/** The calls; what is changed stays so for as long as the world stands. */
export function dataCalls(world: FakeWorld, answer: Answer) {
  let fields = ['phone', 'status_text', 'photo', 'birth_date'];
  let policy: FilePolicy = {
    max_bytes: 10 * 1024 ** 2,
    types: ['png', 'jpg', 'jpeg', 'gif', 'pdf', 'doc', 'docx', 'xls', 'xlsx', 'ppt', 'pptx', 'zip', 'rar', 'txt'],
    person_quota: 0,
    total_quota: 500 * gigabyte,
    retention_days: 0,
    unscanned: 'refuse',
    encrypted_archives: 'allow',
    rev: 1,
  };
  const filePolicy = () => ({
    ...policy,
    known_types: knownTypes,
    used_bytes: world.options.empty ? 0 : 187 * gigabyte,
    file_count: world.options.empty ? 0 : 48_210,
    scanner: 'ok',
  });
  return {
    ...retentionCalls(world, answer),
    filePolicy: () => answer(filePolicy()),
    setFilePolicy: async (next: FilePolicy) => {
      await answer(undefined);
      if (next.rev !== policy.rev) throw refusal('conflict');
      policy = { ...next, rev: next.rev + 1 };
      return filePolicy();
    },
    health: () => answer(health(world)),
    profileFields: () => answer(fields),
    setProfileFields: async (next: string[]) => {
      await answer(undefined);
      fields = next;
      return fields;
    },
  };
}
