/** The people list's rules: sections by department, search. Pure. */
import type { Department, Profile } from '@/bridge/types';
import { byName, byText, isColleague, searchPeople } from '@/components/person-search';

/** A line of the list: a department's head, or a person. */
export type DirectoryRow =
  | {
      kind: 'department';
      key: string;
      name: string;
      depth: number;
      total: number;
      online: number;
      open: boolean;
      /** The name of who leads it, if he isn't among its people. */
      head: string;
    }
  | {
      kind: 'person';
      key: string;
      person: Profile;
      depth: number;
      /** The department stands in the row: nothing above it says it. */
      alone: boolean;
      /** This person leads the department under whose name the row stands. */
      leads: boolean;
    };

export interface DirectoryFrom {
  people: Iterable<Profile>;
  departments: readonly Department[];
  presence: ReadonlyMap<string, string>;
  query: string;
  /** Keys of the departments that are folded. */
  folded: ReadonlySet<string>;
  /** The head of those without a department. */
  noDepartment: string;
}

interface Node {
  key: string;
  name: string;
  head: string;
  sort: number;
  people: Profile[];
  children: Node[];
}

/** With the names of those who lead a department. */
type RowsFrom = DirectoryFrom & { names: ReadonlyMap<string, string> };

function tree({ people, departments, noDepartment }: DirectoryFrom): Node[] {
  const nodes = new Map<string, Node>();
  const held = departments.filter((department) => !department.deleted);
  for (const { department_uuid: key, name, head_uuid: head = '', sort } of held)
    nodes.set(key, { key, name, head, sort, people: [], children: [] });
  const roots: Node[] = [];
  for (const { department_uuid: key, parent_uuid: parent } of held) {
    const node = nodes.get(key);
    if (node) (nodes.get(parent ?? '')?.children ?? roots).push(node);
  }
  // Some have only a department's name, as the original Hi_Msg kept it.
  for (const person of people) {
    if (!isColleague(person)) continue;
    const key =
      person.department_uuid && nodes.has(person.department_uuid) ? person.department_uuid : person.department;
    const node = nodes.get(key) ?? newRoot(roots, nodes, key, noDepartment);
    node.people.push(person);
  }
  return roots;
}

function newRoot(roots: Node[], nodes: Map<string, Node>, key: string, noDepartment: string): Node {
  const sort = key === '' ? Number.MAX_SAFE_INTEGER : Number.MAX_SAFE_INTEGER - 1;
  const node = { key, name: key || noDepartment, head: '', sort, people: [], children: [] };
  nodes.set(key, node);
  roots.push(node);
  return node;
}

function everybody(node: Node): Profile[] {
  return [...node.people, ...node.children.flatMap(everybody)];
}

function rowsOf(node: Node, depth: number, from: RowsFrom): DirectoryRow[] {
  const all = everybody(node);
  if (all.length === 0) return [];
  const open = !from.folded.has(node.key);
  const inIt = node.people.some((person) => person.user_uuid === node.head);
  const head: DirectoryRow = {
    kind: 'department',
    key: node.key,
    name: node.name,
    depth,
    total: all.length,
    online: all.filter((person) => from.presence.has(person.user_uuid)).length,
    open,
    head: inIt ? '' : (from.names.get(node.head) ?? ''),
  };
  if (!open) return [head];
  // Who leads it stands first.
  const leads = (person: Profile) => person.user_uuid === node.head;
  const sorted = node.people.toSorted((a, b) => Number(leads(b)) - Number(leads(a)) || byName(a, b));
  const persons = sorted.map((person) => personRow(person, depth, { leads: leads(person) }));
  return [head, ...persons, ...inOrder(node.children).flatMap((child) => rowsOf(child, depth + 1, from))];
}

function inOrder(nodes: readonly Node[]): Node[] {
  return nodes.toSorted((a, b) => a.sort - b.sort || byText(a.name, b.name));
}

function personRow(person: Profile, depth: number, { alone = false, leads = false }): DirectoryRow {
  return { kind: 'person', key: person.user_uuid, person, depth, alone, leads };
}

/** The lines of the people list: the tree of departments, or what a query finds. */
export function directoryRows(from: DirectoryFrom): DirectoryRow[] {
  if (from.query.trim() !== '') {
    const people = [...from.people].filter(isColleague).toSorted(byName);
    return searchPeople(people, from.query).map((person) => personRow(person, 0, { alone: true }));
  }
  const people = [...from.people];
  const heads = new Set(from.departments.map((department) => department.head_uuid ?? ''));
  const names = new Map(
    people.filter((one) => heads.has(one.user_uuid) && isColleague(one)).map((one) => [one.user_uuid, one.name]),
  );
  return inOrder(tree({ ...from, people })).flatMap((root) => rowsOf(root, 0, { ...from, names }));
}
