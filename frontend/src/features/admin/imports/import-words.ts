/** What is said of an import's rows and columns. */
import type { resources } from '@/i18n/resources';

/** What becomes, or became, of rows, in the order in which it is told. */
export const fates = ['create', 'change', 'created', 'changed', 'unchanged', 'error'] as const;
export type Fate = (typeof fates)[number];

type Field = keyof (typeof resources)['ko']['imports']['field'];

const fields: ReadonlySet<string> = new Set<Field>([
  'name',
  'username',
  'employee_id',
  'department',
  'position',
  'grade',
  'email',
  'birth_date',
  'phone',
  'status_text',
  'state',
]);

/** The key of a field's name; one of a newer server has none. */
export function fieldName(field: string): `field.${Field}` {
  return `field.${fields.has(field) ? (field as Field) : 'other'}`;
}
