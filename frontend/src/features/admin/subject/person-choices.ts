import type { Profile } from '@/bridge/types';
import { searchPeople } from '@/components/person-search';

/** So many are offered at a time. */
const offered = 50;

export interface Choice {
  value: string;
  label: string;
}

const choiceOf = ({ user_uuid, name, department, username }: Profile): Choice => ({
  value: user_uuid,
  label: [name, department, username].filter((part) => part !== '').join(' · '),
});

/** The people whom a query finds, the first ones, and those who are chosen already. */
export function personChoices(
  people: ReadonlyMap<string, Profile>,
  query: string,
  chosen: readonly string[],
): Choice[] {
  const there = [...people.values()].filter((person) => person.state !== 'deleted' && !person.bot);
  const found = searchPeople(there, query)
    .filter((person) => !chosen.includes(person.user_uuid))
    .slice(0, offered);
  const held = chosen.flatMap((uuid) => people.get(uuid) ?? []);
  return [...held, ...found].map(choiceOf);
}
