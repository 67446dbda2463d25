import type { i18n as I18n, Namespace, TFunction } from 'i18next';
import { use, useSyncExternalStore } from 'react';
import { getI18n, I18nContext } from 'react-i18next';

/** The texts of one namespace in the page's language. */
export interface Texts<N extends Namespace> {
  t: TFunction<N>;
  language: string;
}

/** What all components that show texts of one translator share. */
interface Shared {
  subscribe: (changed: () => void) => () => void;
  language: () => string;
  texts: Map<string, Texts<Namespace>>;
}

const ofTranslator = new WeakMap<I18n, Shared>();

function sharedOf(i18n: I18n): Shared {
  const held = ofTranslator.get(i18n);
  if (held) return held;
  const made: Shared = {
    subscribe: (changed) => {
      i18n.on('languageChanged', changed);
      return () => i18n.off('languageChanged', changed);
    },
    language: () => i18n.language,
    texts: new Map(),
  };
  ofTranslator.set(i18n, made);
  return made;
}

/**
 * useTranslation for what there are many of: rows. That one makes a function and a copy of the translator for each
 * component that calls it, which was a quarter of the script of a fling; here all rows share one function.
 */
export function useTexts<N extends Namespace = 'common'>(namespace?: N): Texts<N> {
  // Outside of a provider, as useTranslation does: the one that was made last.
  const i18n = (use(I18nContext) as { i18n?: I18n } | undefined)?.i18n ?? getI18n();
  const shared = sharedOf(i18n);
  const language = useSyncExternalStore(shared.subscribe, shared.language);
  const wanted = namespace ?? 'common';
  const key = `${language} ${String(wanted)}`;
  const held = shared.texts.get(key) ?? { t: i18n.getFixedT(language, wanted as Namespace), language };
  shared.texts.set(key, held as Texts<Namespace>);
  return held as unknown as Texts<N>;
}
