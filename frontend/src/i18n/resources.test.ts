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

const variables = (text: string) => new Set([...text.matchAll(/{{(\w+)/g)].map(([, name]) => name ?? ''));

/** A particle that changes with what stands before it, written out behind something that the text is given. */
const fixedParticle =
  /(?<![\p{L})]\([^)]*)\}\}[’”'"」』)\]]*(?:을|를|이|가|은|는|과|와|으로|로|이라|라|이나|나)(?=[\s.,!?:]|라고|$)/u;
/** Both at once, as forms are filled in: 을(를). */
const doubleParticle = /을\(를\)|를\(을\)|이\(가\)|가\(이\)|은\(는\)|는\(은\)|과\(와\)|와\(과\)|\(으\)로/;
/** A number before a noun in the plural: one of them would be "1 messages". */
const fixedPlural =
  /{{(?:count|\w+, number)[^}]*}} (?:[a-z]+ )?(?:people|entries|members|messages|files|rooms|days|hours|minutes|rows|departments|notices|characters|devices)\b/;

describe.each(Object.keys(resources.ko) as (keyof typeof resources.ko)[])('%s', (namespace) => {
  const korean = flat(resources.ko[namespace]);
  const english = flat(resources.en[namespace]);

  test('both languages have the same texts', () => {
    expect([...english.keys()].toSorted()).toEqual([...korean.keys()].toSorted());
  });

  test('no text is empty, and both languages say what they are given', () => {
    for (const [key, text] of korean) {
      expect(text.trim(), key).not.toBe('');
      expect(english.get(key)?.trim(), key).not.toBe('');
      expect(variables(english.get(key) ?? ''), key).toEqual(variables(text));
    }
  });

  test('no Korean text has a particle that fits only some of what stands before it', () => {
    const wrong = [...korean].filter(([, text]) => fixedParticle.test(text) || doubleParticle.test(text));
    expect(wrong).toEqual([]);
  });

  test('English texts say one message and two messages', () => {
    const wrong = [...english].filter(([key, text]) => fixedPlural.test(text) && !/_(?:one|other)$|_many$/.test(key));
    expect(wrong).toEqual([]);
    const alone = [...english].filter(
      ([key, text]) => key.endsWith('_one') && text.includes('{{count') && !english.has(key.replace(/_one$/, '_other')),
    );
    expect(alone).toEqual([]);
  });

  test('no English text is Korean, and no Korean one ends as an English sentence', () => {
    // In brackets stand examples of what may be typed.
    for (const [key, text] of english) expect(text.replaceAll(/\(.*?\)/g, ''), key).not.toMatch(/\p{Script=Hangul}/u);
    const foreign = [...korean].filter(([, text]) =>
      /[a-z]{3,} [a-z]{2,} [a-z]{2,}/.test(text.replaceAll(/{{.*?}}/g, '')),
    );
    expect(foreign).toEqual([]);
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
