/** So many rows a page of the fake's lists has. */
const pageSize = 100;

/** The page of a list that begins at a place, and the place of the next one, 0 when there is none. */
export function pageAt<T>(all: readonly T[], at: number): { items: T[]; next: number } {
  const end = at + pageSize;
  return { items: all.slice(at, end), next: end < all.length ? end : 0 };
}
