/** The tree of departments: who is below whom, how many people there are, and where one may be moved. Pure. */
import type { Department, Profile } from '@/bridge/types';
import { matcher } from '@/components/hangul-match';
import { byText } from '@/components/person-search';

/** A department with what is around it. */
export interface Node {
  department: Department;
  parent: Node | undefined;
  children: Node[];
  /** People who are in it, and in it or below it. */
  own: number;
  total: number;
}

/** All departments, by department_uuid in the order in which they are shown, and those at the top. */
export interface Tree {
  nodes: ReadonlyMap<string, Node>;
  roots: readonly Node[];
}

function inOrder(a: Node, b: Node): number {
  return a.department.sort - b.department.sort || byText(a.department.name, b.department.name);
}

/** Builds the tree. One whose parent isn't known stands at the top. */
export function makeTree(departments: Iterable<Department>, people: Iterable<Profile>): Tree {
  const held = new Map<string, Node>();
  for (const department of departments) {
    if (department.deleted) continue;
    held.set(department.department_uuid, { department, parent: undefined, children: [], own: 0, total: 0 });
  }
  const roots: Node[] = [];
  for (const node of held.values()) {
    node.parent = held.get(node.department.parent_uuid ?? '');
    (node.parent?.children ?? roots).push(node);
  }
  for (const person of people) {
    const node = person.state === 'deleted' ? undefined : held.get(person.department_uuid ?? '');
    if (node) node.own += 1;
  }
  const nodes = new Map<string, Node>();
  const add = (list: Node[]) => {
    for (const node of list.toSorted(inOrder)) {
      nodes.set(node.department.department_uuid, node);
      node.children.sort(inOrder);
      add(node.children);
      node.total = node.children.reduce((sum, child) => sum + child.total, node.own);
    }
  };
  add(roots);
  return { nodes, roots: roots.toSorted(inOrder) };
}

/** How many are above a department. */
export function depthOf(node: Node): number {
  return node.parent ? depthOf(node.parent) + 1 : 0;
}

/** The names of those above a department, the top first. */
export function above(node: Node): string[] {
  return node.parent ? [...above(node.parent), node.parent.department.name] : [];
}

/** Reports whether a department is another one or below it. */
export function isWithin(node: Node | undefined, top: Node): boolean {
  return node !== undefined && (node === top || isWithin(node.parent, top));
}

/** A line of the tree. What a search found stands alone, with its place beside it. */
export interface TreeRow {
  node: Node;
  depth: number;
  /** Undefined: there is nothing below it to show. */
  open: boolean | undefined;
  place: string;
}

/** The lines that are shown: all but what is folded, or what a query finds. */
export function treeRows(tree: Tree, folded: ReadonlySet<string>, query: string): TreeRow[] {
  if (query.trim() !== '') {
    const fits = matcher(query);
    return [...tree.nodes.values()]
      .filter((node) => fits(node.department.name))
      .map((node) => ({ node, depth: 0, open: undefined, place: above(node).join(' › ') }));
  }
  const rows: TreeRow[] = [];
  const add = (list: readonly Node[], depth: number) => {
    for (const node of list) {
      const open = node.children.length === 0 ? undefined : !folded.has(node.department.department_uuid);
      rows.push({ node, depth, open, place: '' });
      if (open) add(node.children, depth + 1);
    }
  };
  add(tree.roots, 0);
  return rows;
}

/** Where a department goes: below another one ('' the top), before a sibling ('' behind the last). */
export interface Place {
  parent_uuid: string;
  before_uuid: string;
}

/** Which part of a line something is dropped on. */
export type Side = 'before' | 'inside' | 'after';

/** The part of a line at a height within it. */
export function sideAt(offset: number, height: number): Side {
  if (offset < height / 4) return 'before';
  return offset > (height * 3) / 4 ? 'after' : 'inside';
}

function siblingsOf(tree: Tree, node: Node): readonly Node[] {
  return node.parent?.children ?? tree.roots;
}

function idOf(node: Node | undefined): string {
  return node?.department.department_uuid ?? '';
}

/** Where a department stands now. */
export function placeOf(tree: Tree, node: Node): Place {
  const siblings = siblingsOf(tree, node);
  return { parent_uuid: idOf(node.parent), before_uuid: idOf(siblings[siblings.indexOf(node) + 1]) };
}

/** Where a department goes when it is dropped on another one; undefined: it would be below itself. */
export function dropPlace(tree: Tree, moved: Node, on: Node, side: Side): Place | undefined {
  const parent = side === 'inside' ? on : on.parent;
  if (isWithin(parent, moved)) return undefined;
  if (side === 'inside') return { parent_uuid: idOf(on), before_uuid: '' };
  if (on === moved) return placeOf(tree, moved);
  if (side === 'before') return { parent_uuid: idOf(parent), before_uuid: idOf(on) };
  const others = siblingsOf(tree, on).filter((one) => one !== moved);
  return { parent_uuid: idOf(parent), before_uuid: idOf(others[others.indexOf(on) + 1]) };
}

/** Where a department goes by one step among its siblings; undefined: it is the first or the last. */
export function stepPlace(tree: Tree, node: Node, step: -1 | 1): Place | undefined {
  const siblings = siblingsOf(tree, node);
  const at = siblings.indexOf(node) + step;
  if (at < 0 || at >= siblings.length) return undefined;
  return { parent_uuid: idOf(node.parent), before_uuid: idOf(siblings[step < 0 ? at : at + 1]) };
}

/** Reports whether two places are the same. */
export function samePlace(a: Place, b: Place): boolean {
  return a.parent_uuid === b.parent_uuid && a.before_uuid === b.before_uuid;
}
