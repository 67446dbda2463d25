/** The members table's rules: who is shown, in which order. Pure. */
import type { Department, Profile } from '@/bridge/types';
import { byName, byText } from '@/components/person-search';
import { makeTree, treeRows } from '@/features/admin/departments/departments-model';

export const roles = ['owner', 'admin', 'auditor', 'user'] as const;
export type Role = (typeof roles)[number];

/** What the table can be narrowed to by state. Those who were deleted are nobody any more. */
export const states = ['active', 'disabled'] as const;

export const orders = ['name', 'department', 'employee_id'] as const;
export type Order = (typeof orders)[number];

/** What the table is narrowed to; an empty text: not by that. */
export interface MemberFilter {
  query: string;
  /** A department_uuid; those below it count. */
  department: string;
  role: string;
  state: string;
  order: Order;
}

export const noFilter: MemberFilter = { query: '', department: '', role: '', state: '', order: 'name' };

/** A department and all below it. */
export function withBelow(departments: ReadonlyMap<string, Department>, top: string): ReadonlySet<string> {
  const found = new Set([top]);
  for (let grew = true; grew;) {
    grew = false;
    for (const { department_uuid: id, parent_uuid: parent } of departments.values()) {
      if (parent !== undefined && found.has(parent) && !found.has(id)) {
        found.add(id);
        grew = true;
      }
    }
  }
  return found;
}

const byNumber = new Intl.Collator('ko', { numeric: true }).compare;

const compare: Record<Order, (a: Profile, b: Profile) => number> = {
  name: byName,
  department: (a, b) => byText(a.department, b.department) || byName(a, b),
  employee_id: (a, b) => byNumber(a.employee_id, b.employee_id) || byName(a, b),
};

/** The people whom a filter leaves, in its order, whatever is searched among them: sorting is what takes the time. */
export function fittingMembers(
  people: Iterable<Profile>,
  departments: ReadonlyMap<string, Department>,
  filter: Omit<MemberFilter, 'query'>,
): Profile[] {
  const within = filter.department === '' ? undefined : withBelow(departments, filter.department);
  const fitting = [...people].filter(
    (person) =>
      person.state !== 'deleted' &&
      !person.bot &&
      (within === undefined || within.has(person.department_uuid ?? '')) &&
      (filter.role === '' || person.role === filter.role) &&
      (filter.state === '' || person.state === filter.state),
  );
  return fitting.toSorted(compare[filter.order]);
}

/** Departments by their place in the tree, each with its depth: for a list to choose from. */
export function departmentChoices(departments: ReadonlyMap<string, Department>): { uuid: string; label: string }[] {
  const rows = treeRows(makeTree(departments.values(), []), new Set(), '');
  return rows.map(({ node: { department }, depth }) => ({
    uuid: department.department_uuid,
    label: `${'\u2003'.repeat(depth)}${department.name}`,
  }));
}
