import { Button } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asFailure } from '@/bridge/failure';
import { useBridge } from '@/bridge/session-context';
import type { Component, Failure } from '@/bridge/types';
import { Dialog } from '@/components/dialog';
import { FailureNotice } from '@/components/failure-notice';
import { matcher } from '@/components/hangul-match';
import { SearchField } from '@/components/search-field';
import styles from './licences-dialog.module.css';
import { LicenceRows } from './licence-rows';

type Answer<T> = { kind: 'waiting' } | { kind: 'failed'; failure: Failure } | { kind: 'here'; value: T };

/** Asks the core once, when it is shown. `ask` has to stay the same function. */
function useAnswer<T>(ask: () => Promise<T>): Answer<T> {
  const [answer, setAnswer] = useState<Answer<T>>({ kind: 'waiting' });
  useEffect(() => {
    let live = true;
    ask().then(
      (value) => live && setAnswer({ kind: 'here', value }),
      (error: unknown) => live && setAnswer({ kind: 'failed', failure: asFailure(error) }),
    );
    return () => {
      live = false;
    };
  }, [ask]);
  return answer;
}

/** What others made that is in the app: a list to search, and the licence of one. Nothing of it is held before or after. */
export function LicencesDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('settings');
  const bridge = useBridge();
  const components = useAnswer(bridge.licences);
  const [query, setQuery] = useState('');
  const [shown, setShown] = useState<Component>();
  return (
    <Dialog title={t('licences')} width={720} onClose={onClose}>
      {components.kind === 'failed' && <FailureNotice failure={components.failure} />}
      {components.kind === 'here' && shown && <Licence component={shown} onBack={() => setShown(undefined)} />}
      {components.kind === 'here' && !shown && (
        <Search components={components.value} query={query} onQuery={setQuery} onShow={setShown} />
      )}
      {components.kind === 'waiting' && <div className={styles.dialog} />}
    </Dialog>
  );
}

interface SearchProps {
  components: readonly Component[];
  query: string;
  onQuery: (query: string) => void;
  onShow: (component: Component) => void;
}

function Search({ components, query, onQuery, onShow }: SearchProps) {
  const { t } = useTranslation('settings');
  const fits = matcher(query);
  const found = components.filter(({ name, version, licence }) => fits(`${name} ${version} ${licence}`));
  if (components.length === 0) return <p data-testid="licences-none">{t('licences_none')}</p>;
  return (
    <div className={styles.dialog}>
      <SearchField
        value={query}
        onChange={onQuery}
        label={t('licences_search')}
        placeholder={t('licences_search')}
        focusFirst
        testId="licences-search"
      />
      <p role="status" className={styles.count}>
        {found.length === 0 ? t('licences_not_found') : t('licences_count', { count: found.length })}
      </p>
      <LicenceRows components={found} onShow={onShow} />
    </div>
  );
}

/** The text of one, with the way back to the list. */
function Licence({ component, onBack }: { component: Component; onBack: () => void }) {
  const { t } = useTranslation('settings');
  const bridge = useBridge();
  const [ask] = useState(() => () => bridge.licenceText(component.text));
  const text = useAnswer(ask);
  const back = useRef<HTMLButtonElement>(null);
  useEffect(() => back.current?.focus(), []);
  return (
    <div className={styles.dialog}>
      <div className={styles.head}>
        <Button
          variant="default"
          leftSection={<IconArrowLeft className={styles.icon} aria-hidden="true" />}
          data-testid="licence-back"
          ref={back}
          onClick={onBack}
        >
          {t('licences_back')}
        </Button>
        <strong className={styles.name}>
          {component.name} {component.version}
        </strong>
        <span className={styles.licence}>{component.licence}</span>
      </div>
      {text.kind === 'failed' && <FailureNotice failure={text.failure} />}
      <pre
        className={styles.text}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls can be reached by keyboard
        tabIndex={0}
        aria-label={t('licences_text')}
        aria-busy={text.kind === 'waiting'}
        data-testid="licence-text"
      >
        {text.kind === 'here' && text.value}
      </pre>
    </div>
  );
}
