import { describe, expect, test } from 'vitest';
import { chooseLanguage, createI18n } from './i18n';
import { resources } from './resources';

interface Texts {
  [key: string]: string | Texts;
}

function flat(texts: Texts, prefix = ''): Map<string, string> {
  const all = new Map<string, string>();
  for (const [key, value] of Object.entries(texts)) {
    if (typeof value === 'string') all.set(prefix + key, value);
    else for (const [inner, text] of flat(value, `${prefix}${key}.`)) all.set(inner, text);
  }
  return all;
}

const variables = (text: string) => [...text.matchAll(/{{(\w+)/g)].map(([, name]) => name ?? '');

describe.each(Object.keys(resources.ko) as (keyof typeof resources.ko)[])('%s', (namespace) => {
  const korean = flat(resources.ko[namespace]);
  const english = flat(resources.en[namespace]);

  test('both languages have the same texts', () => {
    expect([...english.keys()].toSorted()).toEqual([...korean.keys()].toSorted());
  });

  test('no text is empty, and English ones use no variable that Korean ones lack', () => {
    for (const [key, text] of korean) {
      expect(text, key).not.toBe('');
      const unknown = variables(english.get(key) ?? '').filter((name) => !variables(text).includes(name));
      expect(unknown, key).toEqual([]);
    }
  });
});

test.each([
  ['', ['ko-KR', 'en'], 'ko'],
  ['', ['en-GB'], 'en'],
  ['', ['de-DE', 'en'], 'en'],
  ['', ['de-DE'], 'ko'],
  ['en', ['ko-KR'], 'en'],
  ['xx', [], 'ko'],
])('setting %j on a system of %j speaks %s', (setting, system, wanted) => {
  expect(chooseLanguage(setting, system)).toBe(wanted);
});

test('a changed language changes the texts', async () => {
  const i18n = createI18n('ko');
  expect(i18n.t('cancel')).toBe('취소');
  await i18n.changeLanguage('en');
  expect(i18n.t('cancel')).toBe('Cancel');
});
