import { createInstance, type i18n as I18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { particle, particlePairs } from './particles';
import { resources } from './resources';

/** The languages that the page speaks. */
export type Language = keyof typeof resources;

/** The language for a setting: itself, or for "" the first of the system's that we speak, or Korean. */
export function chooseLanguage(setting: string, system: readonly string[]): Language {
  for (const wanted of [setting, ...system]) {
    const short = wanted.slice(0, 2).toLowerCase();
    if (short === 'ko' || short === 'en') return short;
  }
  return 'ko';
}

/**
 * Makes the translator.
 *
 * Korean particles depend on the sound before them: "{{name}}{{name, 을/를}}" writes a name and the one that fits it. No
 * text has a fixed one behind something that it is given; resources.test.ts looks.
 */
export function createI18n(language: Language): I18n {
  const instance = createInstance();
  void instance.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'ko',
    resources,
    defaultNS: 'common',
    interpolation: { escapeValue: false }, // React escapes
    initAsync: false,
    react: { useSuspense: false },
  });
  for (const pair of particlePairs) {
    instance.services.formatter?.add(pair, (name: string | number) => particle(String(name), pair));
  }
  return instance;
}
