/** The colours of tokens.css can be read, and nothing outside of it has colours of its own. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

const root = path.join(import.meta.dirname, '..');
const css = readFileSync(path.join(import.meta.dirname, 'tokens.css'), 'utf8');
const [light = '', dark = ''] = css.split("[data-mantine-color-scheme='dark']");

function colours(part: string): Map<string, string> {
  return new Map(
    [...part.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)].map(([, name = '', value = '']) => [name, value]),
  );
}

const themes = { light: colours(light), dark: new Map([...colours(light), ...colours(dark)]) };

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** WCAG 2.2, contrast ratio. */
function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

const surfaces = ['bg', 'pane', 'hover', 'sel', 'mine', 'theirs'];
const pairs: [text: string, on: string[]][] = [
  ['ink', [...surfaces, 'found', 'warn-bg', 'danger-bg', 'ok-bg', 'bone']],
  ['ink2', surfaces],
  ['ink3', ['bg', 'pane', 'hover']],
  ['accent-text', ['bg', 'pane', 'hover']],
  ['danger', ['pane', 'danger-bg']],
  ['count', ['bg', 'pane']],
  ['ok-text', ['pane', 'ok-bg']],
  ['warn-text', ['pane', 'warn-bg']],
  ['mention-ink', ['mention']],
  ['accent-ink', ['accent', 'accent-hover']],
  ['badge-ink', ['badge', 'quiet-badge']],
  ['rail-ink', ['rail']],
  ...Array.from({ length: 10 }, (_, i): [string, string[]] => ['av-ink', [`av${i}`]]),
];

describe.each(Object.entries(themes))('%s', (_, theme) => {
  test.each(pairs)('--%s can be read on %j', (text, on) => {
    const weak = on
      .map((surface) => [surface, contrast(theme.get(text) ?? '', theme.get(surface) ?? '')] as const)
      .filter(([, ratio]) => !(ratio >= 4.5));
    expect(weak).toEqual([]);
  });
});

/** What shows pictures has a dark room of its own, in both themes. */
const ownColours = new Set(['image-viewer', 'picture-tile', 'transfer-button']);

test('colours come from the tokens only', () => {
  const found = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.module.css') && !ownColours.has(path.basename(name, '.module.css')))
    .filter((name) => /#[0-9a-f]{3,8}\b|\b(?:rgb|hsl)a?\(/i.test(readFileSync(path.join(root, name), 'utf8')));
  expect(found).toEqual([]);
});
