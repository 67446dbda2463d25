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

/** In the order of the language: 가나다. One for all, since making it takes longer than a thousand comparisons. */
export const byText = new Intl.Collator('ko').compare;

/** People by their names. */
export function byName(a: Profile, b: Profile): number {
  return byText(a.name, b.name) || byText(a.username, b.username);
}
