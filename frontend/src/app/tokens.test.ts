/** The colours of tokens.css can be read, and nothing outside of it has sizes or colours of its own. */
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
  ['stage-ink', ['stage', 'stage-on']],
  ['stage-ink2', ['stage']],
  ['stage-accent', ['stage']],
  ...Array.from({ length: 10 }, (_, i): [string, string[]] => ['av-ink', [`av${i}`]]),
];

describe.each(Object.entries(themes))('%s', (_, theme) => {
  test.each(pairs)('--%s can be read on %j', (text, on) => {
    const weak = on
      .map((surface) => [surface, contrast(theme.get(text) ?? '', theme.get(surface) ?? '')] as const)
      .filter(([, ratio]) => !(ratio >= 4.5));
    expect(weak).toEqual([]);
  });

  // WCAG 2.2, 1.4.11: on what they stand on, in all states that they have.
  test.each(['field-line', 'accent', 'danger'])('the edge of what is chosen or written in is seen: --%s', (edge) => {
    const faint = ['pane', 'bg', 'hover', 'sel']
      .map((surface) => [surface, contrast(theme.get(edge) ?? '', theme.get(surface) ?? '')] as const)
      .filter(([, ratio]) => !(ratio >= 3));
    expect(faint).toEqual([]);
  });
});

const sourceOf = (name: string) => readFileSync(path.join(root, name), 'utf8');

/** What is written in and is not Mantine's, and the rule of its style sheet that gives it an edge. */
const fields: Record<string, [sheet: string, rule: string]> = {
  'components/search-field.tsx': ['components/search-field.module.css', '.field'],
  'features/chat/emoji/emoji-picker.tsx': ['features/chat/emoji/emoji-picker.module.css', '.search'],
  'features/chat/compose/composer-field.tsx': ['features/chat/compose/composer.module.css', '.box'],
};

test('each field has that edge', () => {
  const bare = Object.values(fields).filter(([sheet, rule]) => {
    const [, rest = ''] = `\n${sourceOf(sheet)}`.split(`\n${rule} {`);
    return !rest.split('}')[0]?.includes('border: var(--hair) solid var(--field-line)');
  });
  expect(bare).toEqual([]);
  expect(sourceOf('app/global.css')).toMatch(/\.mantine-Input-wrapper[^{]*\{\s*--input-bd: var\(--field-line\);/);
  const own = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (name) =>
      name.endsWith('.tsx') &&
      !name.includes('.test.') &&
      [...sourceOf(name).matchAll(/<(?:textarea|input)\b[^>]*/g)].some(
        ([tag]) => !/type="(?:checkbox|radio|file)"/.test(tag),
      ),
  );
  expect(own.map((name) => name.replaceAll('\\', '/')).toSorted()).toEqual(Object.keys(fields).toSorted());
});

/** What has tokens, and which of them it may be made of. */
const rules: { property: RegExp; token: RegExp }[] = [
  // Avatars come in many sizes: their letters and corners follow.
  { property: /^font-size$/, token: /^--(?:f-\w+|e\d|size)$/ },
  { property: /^font$/, token: /^--(?:f-\w+|l-\w+|font|mono|emoji)$/ },
  { property: /^line-height$/, token: /^--(?:l-\w+|head-height)$/ },
  { property: /^border(?:-[a-z]+)*-radius$/, token: /^--(?:r\d|r-\w+|round|size)$/ },
  { property: /^(?:padding|margin|(?:row-|column-)?gap)(?:-[a-z]+)*$/, token: /^--(?!f-|l-|e\d|r\d)/ },
];
const length = /(?<![\w.-])(?!0(?![\d.]))\d*\.?\d+(?:px|rem|em|pt|ch)\b/;
const ownColour =
  /#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|hwb|lab|lch|oklab|oklch|color)a?\(|(?<![\w-])(?:white|black|gr[ae]y|red|blue|green)(?![\w-])/i;

/** What a declaration has that is not of the tokens; undefined: nothing. */
function foreign(property: string, value: string): string | undefined {
  // Of a mask nothing is seen but how much it lets through.
  if (property !== 'mask-image' && ownColour.test(value)) return 'a colour of its own';
  const rule = rules.find((one) => one.property.test(property));
  if (!rule) return undefined;
  if (length.test(value)) return 'a size of its own';
  const other = [...value.matchAll(/var\((--[\w-]+)/g)].find(([, token = '']) => !rule.token.test(token));
  return other && `${other[1]} is not for it`;
}

const declaration = /(?<=[;{]\s*)([a-z-]+):\s*([^;{}]+);/g;

test('sizes and colours come from the tokens only', () => {
  const sheets = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.css') && path.basename(name) !== 'tokens.css',
  );
  expect(sheets.length).toBeGreaterThan(100);
  const found = sheets.flatMap((name) => {
    const text = readFileSync(path.join(root, name), 'utf8').replaceAll(/\/\*.*?\*\//gs, '');
    return [...text.matchAll(declaration)].flatMap(([, property = '', value = '']) => {
      const why = foreign(property, value);
      return why ? [`${name}: ${property}: ${value} (${why})`] : [];
    });
  });
  expect(found).toEqual([]);
});

test.each([
  ['color', '#fff'],
  ['background', 'rgba(0, 0, 0, 0.5)'],
  ['border', 'var(--hair) solid white'],
  ['font-size', '13px'],
  ['line-height', '1.2rem'],
  ['padding', '0 3px'],
  ['gap', 'calc(var(--u) + 1px)'],
  ['border-top-left-radius', '4px'],
  ['border-radius', 'var(--s3)'],
  ['font-size', 'var(--s3)'],
  ['font', '500 11px / 1.2 var(--font)'],
])('%s: %s is seen', (property, value) => {
  expect(foreign(property, value)).toBeDefined();
});

test.each([
  ['padding', '0 var(--s2) calc(var(--u) * 2.5) 10%'],
  ['margin', '-0 auto'],
  ['border-radius', 'var(--r1) 0 inherit 50%'],
  ['font-size', 'inherit'],
  ['line-height', '1.35'],
  ['color', 'transparent'],
  ['border', 'var(--hair) solid var(--line)'],
])('%s: %s may stand', (property, value) => {
  expect(foreign(property, value)).toBeUndefined();
});
