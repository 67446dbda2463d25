import type { Profile } from '@/bridge/types';
import { normalise, normalisedMatcher } from './hangul-match';

/** What is searched of a person: the name, and all the rest with lines between, which nobody can type. */
interface Texts {
  name: string;
  rest: string;
}

/** A changed person is another object, so that what is kept here is never old. */
const kept = new WeakMap<Profile, Texts>();

function textsOf(person: Profile): Texts {
  const held = kept.get(person);
  if (held) return held;
  const { department, employee_id, username, position, grade } = person;
  const rest = [department, employee_id, username, position, grade].filter((field) => field !== '');
  const made = { name: normalise(person.name), rest: rest.map(normalise).join('\n') };
  kept.set(person, made);
  return made;
}

/** Makes ready what is searched of people: for ten thousand it takes longer than the first key may wait. */
export function readySearch(people: readonly Profile[]): void {
  people.forEach(textsOf);
}

/** Returns the people whom a query finds by name, department, 사번, user name, 직책 or 직급; names first. */
export function searchPeople(people: readonly Profile[], query: string): Profile[] {
  if (query.trim() === '') return [...people];
  const fits = normalisedMatcher(query);
  const named: Profile[] = [];
  const others: Profile[] = [];
  for (const person of people) {
    const { name, rest } = textsOf(person);
    if (fits(name)) named.push(person);
    else if (fits(rest)) others.push(person);
  }
  return [...named, ...others];
}

/** Reports whether somebody belongs in a list of colleagues. */
export function isColleague(person: Profile): boolean {
  return person.state !== 'deleted' && person.state !== 'disabled' && !person.bot;
}

/** In the order of the language: 가나다. One for all, since making it takes longer than a thousand comparisons. */
export const byText = new Intl.Collator('ko').compare;

/** People by their names. */
export function byName(a: Profile, b: Profile): number {
  return byText(a.name, b.name) || byText(a.username, b.username);
}
