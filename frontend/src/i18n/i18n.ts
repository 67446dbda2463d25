import { josa } from 'es-hangul';
import { createInstance, type i18n as I18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
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
 * Korean particles depend on the sound before them. Most texts avoid that by 님 or 명, which always take the same one;
 * where a text ends in a free name, "{{name, euro}}" writes the 으로 or 로 that fits it.
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
  instance.services.formatter?.add('euro', (name: string) => josa.pick(name.trim(), '으로/로'));
  return instance;
}
