import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const shapes = (file: string) =>
  [...readFileSync(new URL(file, import.meta.url), 'utf8').matchAll(/\b(d|cx|cy|r|viewBox)="([^"]+)"/g)].map(
    ([, name, value]) => `${name}=${value}`,
  );

test('the mark in the page is the one of the icon', () => {
  const icon = shapes('../../../desktop/build/appicon.svg');
  expect(icon).toHaveLength(6);
  expect(shapes('./logo.tsx')).toEqual(icon);
});
