import { Button } from '@mantine/core';
import { IconEyeCheck, IconPlus } from '@tabler/icons-react';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge, useMirror } from '@/bridge/session-context';
import type { Access } from '@/bridge/types';
import { useToast } from '@/components/toast';
import { PagedView } from '@/features/admin/paged-view';
import { SectionPage } from '@/features/admin/section-page';
import { usePages } from '@/features/admin/use-pages';
import { AccessRow } from './access-row';
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
  const pages = usePages(ask, { when: changes });
  const { state, reload } = pages;
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
        <PagedView
          pages={pages}
          failed={t('failed')}
          restFailed={t('rest_failed')}
          empty={{
            icon: <IconEyeCheck />,
            title: t('empty_title'),
            text: t('empty_text'),
            testId: 'access-empty',
          }}
          label={t('title')}
          testId="access-list"
          keyOf={(request) => request.access_uuid}
          rowHeight={92}
        >
          {(request) => (
            <AccessRow
              request={request}
              onDecide={(decided, verb) => setDeciding({ request: decided, verb })}
              onRead={setReading}
            />
          )}
        </PagedView>
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
