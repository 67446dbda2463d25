import { Button } from '@mantine/core';
import { IconPlugConnected } from '@tabler/icons-react';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge, useMirror } from '@/bridge/session-context';
import type { Integration, IntegrationSecret } from '@/bridge/types';
import { useAdmin } from '@/features/admin/admin-context';
import { PagedView } from '@/features/admin/paged-view';
import { SectionPage } from '@/features/admin/section-page';
import { usePages } from '@/features/admin/use-pages';
import { AddDialog } from './add-dialog';
import { IntegrationDialog, type IntegrationAct } from './integration-dialog';
import { IntegrationRow } from './integration-row';
import { SecretDialog } from './secret-dialog';
import styles from './integrations.module.css';

/** Webhooks and tokens: what programs may say and hear here. */
export function IntegrationsSection() {
  const { t } = useTranslation('integrations');
  const bridge = useBridge();
  const { role } = useAdmin();
  const mayChange = role !== 'auditor';
  const failed = useMirror((mirror) => mirror.admin.failed_hooks);
  const call = useCallback(
    async (before: number) => {
      const { integrations, next } = await bridge.integrations(before);
      return { items: integrations, next };
    },
    [bridge],
  );
  const pages = usePages(call, { when: failed });
  const older = pages.state.kind === 'failed' && pages.state.failure.reason === 'older_server';
  const [adding, setAdding] = useState(false);
  const [asked, setAsked] = useState<{ act: IntegrationAct; integration: Integration }>();
  const [told, setTold] = useState<IntegrationSecret>();
  const tell = (secret: IntegrationSecret) => {
    setTold(secret);
    pages.reload();
  };
  return (
    <SectionPage
      filled
      title={t('title')}
      lead={t('lead')}
      actions={
        mayChange &&
        !older && (
          <Button data-testid="integration-add" onClick={() => setAdding(true)}>
            {t('add')}
          </Button>
        )
      }
    >
      <div className={styles.list}>
        <PagedView
          pages={pages}
          failed={t('failed')}
          restFailed={t('rest_failed')}
          empty={{ icon: <IconPlugConnected />, title: t('none'), testId: 'integrations-empty' }}
          label={t('title')}
          testId="integrations-list"
          keyOf={(one) => one.integration_uuid}
          rowHeight={84}
        >
          {(one) => (
            <IntegrationRow
              integration={one}
              onAct={mayChange ? (act) => setAsked({ act, integration: one }) : undefined}
            />
          )}
        </PagedView>
      </div>
      {adding && <AddDialog onMade={tell} onClose={() => setAdding(false)} />}
      {asked && (
        <IntegrationDialog {...asked} onTold={tell} onDone={pages.reload} onClose={() => setAsked(undefined)} />
      )}
      {told && <SecretDialog told={told} onClose={() => setTold(undefined)} />}
    </SectionPage>
  );
}
