import { Button } from '@mantine/core';
import { IconEyeCheck, IconPlus } from '@tabler/icons-react';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge, useMirror } from '@/bridge/session-context';
import type { Access } from '@/bridge/types';
import { EmptyState } from '@/components/empty-state';
import { useToast } from '@/components/toast';
import { LoadedView } from '@/features/admin/loaded-view';
import { SectionPage } from '@/features/admin/section-page';
import { usePages } from '@/features/admin/use-pages';
import { AccessList } from './access-list';
import styles from './access-section.module.css';
import { AskDialog } from './ask-dialog';
import { DecideDialog, type Verb } from './decide-dialog';
import { ReadingView } from './reading-view';

/** Requests to read others' conversations: asked, decided by a second person, and read while they hold. */
export function AccessSection() {
  const { t } = useTranslation('access');
  const toast = useToast();
  const bridge = useBridge();
  const [asking, setAsking] = useState(false);
  const [deciding, setDeciding] = useState<{ request: Access; verb: Verb }>();
  const [reading, setReading] = useState<Access>();
  const changes = useMirror((mirror) => mirror.admin.access_changes);
  const ask = useCallback(
    async (before: number) => {
      const { requests, next } = await bridge.accessRequests(before);
      return { items: requests, next };
    },
    [bridge],
  );
  const { state, more, reload } = usePages(ask, { when: changes });
  if (reading) {
    const listed = state.kind === 'loaded' ? state.value.items : [];
    const now = listed.find(({ access_uuid }) => access_uuid === reading.access_uuid) ?? reading;
    return <ReadingView request={now} onClose={() => setReading(undefined)} />;
  }
  return (
    <SectionPage
      title={t('title')}
      lead={t('lead')}
      filled
      actions={
        <Button
          leftSection={<IconPlus size="1rem" aria-hidden="true" />}
          data-testid="access-ask"
          onClick={() => setAsking(true)}
        >
          {t('ask')}
        </Button>
      }
    >
      <div className={styles.section}>
        <LoadedView state={state} onRetry={reload} title={t('failed')} rows={8}>
          {({ items, next, failure }) =>
            items.length === 0 ? (
              <EmptyState
                icon={<IconEyeCheck />}
                title={t('empty_title')}
                text={t('empty_text')}
                testId="access-empty"
              />
            ) : (
              <AccessList
                requests={items}
                more={next !== 0 && !failure}
                failure={failure}
                onMore={more}
                onRetry={reload}
                onDecide={(request, verb) => setDeciding({ request, verb })}
                onRead={setReading}
              />
            )
          }
        </LoadedView>
      </div>
      {asking && (
        <AskDialog
          onAsked={() => {
            setAsking(false);
            toast(t('asked'));
            reload();
          }}
          onClose={() => setAsking(false)}
        />
      )}
      {deciding && <DecideDialog {...deciding} onDone={reload} onClose={() => setDeciding(undefined)} />}
    </SectionPage>
  );
}
