import type { Failure } from '@/bridge/types';

/** What the server says of one field of a form, in the user's language; undefined when it says nothing of it. */
export function fieldError(failure: Failure | undefined, field: string): string | undefined {
  return failure?.fields?.find((one) => one.field === field)?.message;
}
