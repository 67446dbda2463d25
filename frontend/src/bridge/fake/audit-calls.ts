/** The fake's record of administrative acts: 100,000 entries, made as they are asked for. */
import type { AuditEntry, AuditQuery } from '@/bridge/types';
import type { Answer } from './account-calls';
import { people } from './company';
import type { FakeWorld } from './world';

const pageSize = 200;
const count = 100_000;
const minute = 60_000;
const acts = [
  ['user_approved', ''],
  ['role_changed', 'user → auditor: 감사 담당'],
  ['device_removed', '분실 신고'],
  ['person_changed', '{"fields":["grade","position"]}'],
  ['access_requested', '정보보호 점검'],
  ['people_exported', '{"format":"csv"}'],
  ['user_disabled', '퇴사'],
  ['user_registered', ''],
] as const;

/** Who waits for an approval: in no directory, so that the server names him. */
const newcomer = {
  subject: '00000000-0000-4000-8000-0000000000aa',
  subject_name: '한지우',
  subject_username: 'jiu.han',
};

function entryAt(id: number, now: number): AuditEntry {
  const [action, detail] = acts[id % acts.length] ?? acts[0];
  const actor = action === 'user_registered' ? undefined : people[id % 3];
  const one = people[(id * 7) % people.length];
  return {
    id,
    at: now - (count - id) * 7 * minute,
    actor_uuid: actor?.user_uuid ?? '',
    actor_name: actor?.name ?? '',
    action,
    subject: one?.user_uuid ?? '',
    subject_name: one?.name ?? '',
    subject_username: one?.username ?? '',
    ...(action === 'user_registered' && newcomer),
    detail,
    address: `10.20.${id % 8}.${20 + (id % 200)}`,
  };
}

function matches(entry: AuditEntry, query: AuditQuery): boolean {
  return (
    (query.actor === '' || entry.actor_uuid === query.actor) &&
    (query.subject === '' || entry.subject === query.subject) &&
    (query.action === '' || entry.action === query.action) &&
    (query.from === 0 || entry.at >= query.from) &&
    (query.to === 0 || entry.at < query.to)
  );
}

/** The calls about the record. */
export function auditCalls(world: FakeWorld, answer: Answer) {
  return {
    auditEntries: (query: AuditQuery) => {
      const entries: AuditEntry[] = [];
      let id = world.options.empty ? 0 : query.before === 0 ? count : query.before - 1;
      for (; id > 0 && entries.length < pageSize; id--) {
        const entry = entryAt(id, world.now());
        if (matches(entry, query)) entries.push(entry);
      }
      return answer({ entries, next: id > 0 ? id + 1 : 0 });
    },
    verifyAudit: () => answer({ whole: true, entries: count, head: '', signed: count, fault: '', took_ms: 762 }),
    saveAudit: () => answer(true),
  };
}
