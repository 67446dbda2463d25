import type { Profile } from '@/bridge/types';
import { matcher } from './hangul-match';

/** Returns the people whom a query finds by name, department, 사번, user name, 직책 or 직급; names first. */
export function searchPeople(people: readonly Profile[], query: string): Profile[] {
  const fits = matcher(query);
  const first = people.filter((person) => fits(person.name));
  const named = new Set(first.map((person) => person.user_uuid));
  const rest = people.filter(
    (person) =>
      !named.has(person.user_uuid) &&
      [person.department, person.employee_id, person.username, person.position, person.grade].some(
        (field) => field !== '' && fits(field),
      ),
  );
  return [...first, ...rest];
}

/** Reports whether somebody belongs in a list of colleagues. */
export function isColleague(person: Profile): boolean {
  return person.state !== 'deleted' && person.state !== 'disabled';
}

/** In the order of the language: Korean names by 가나다. */
export function byName(a: Profile, b: Profile): number {
  return a.name.localeCompare(b.name, 'ko') || a.username.localeCompare(b.username);
}
