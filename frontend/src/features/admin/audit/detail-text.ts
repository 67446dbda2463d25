/**
 * A server's note of what was changed, to read in one line: {"fields":["grade","position"],"rows":3} is
 * "fields: grade, position · rows: 3". What is no such note is shown as it is.
 */
export function detailText(detail: string): string {
  const note = parsed(detail);
  if (typeof note !== 'object' || note === null || Array.isArray(note)) return detail;
  return Object.entries(note)
    .map(([name, value]) => [name, inWords(value)] as const)
    .filter(([, words]) => words !== '')
    .map(([name, words]) => `${name}: ${words}`)
    .join(' · ');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function inWords(value: unknown): string {
  if (value === null) return '';
  if (Array.isArray(value)) return value.map(inWords).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
