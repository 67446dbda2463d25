import { Button } from '@mantine/core';
import { IconPlus, IconSpeakerphone } from '@tabler/icons-react';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge, useMirror } from '@/bridge/session-context';
import type { AdminNotice } from '@/bridge/types';
import { unturned } from '@/components/isolated';
import { useNow } from '@/components/use-now';
import { useAdmin } from '@/features/admin/admin-context';
import { PagedView } from '@/features/admin/paged-view';
import { SectionPage } from '@/features/admin/section-page';
import { usePages } from '@/features/admin/use-pages';
import { listTime } from '@/i18n/time';
import { NoticeForm } from './notice-form';
import { NoticeStatusPage } from './notice-status-page';
import styles from './notices-section.module.css';
import { Progress } from './progress';
import { useAudience } from './use-audience';

/** What administrators told the company, and how far it is with that. */
export function NoticesSection() {
  const { t } = useTranslation('notices_admin');
  const { subject } = useAdmin();
  const bridge = useBridge();
  const [open, setOpen] = useState(subject);
  const [writing, setWriting] = useState(false);
  const call = useCallback(
    async (before: number) => {
      const { notices, next } = await bridge.allNotices(before);
      return { items: notices, next };
    },
    [bridge],
  );
  const pages = usePages(call);
  if (open !== undefined) {
    const back = () => {
      setOpen(undefined);
      pages.reload();
    };
    return <NoticeStatusPage notice={open} onBack={back} />;
  }
  return (
    <SectionPage
      title={t('title')}
      lead={t('lead')}
      filled
      actions={
        <Button
          leftSection={<IconPlus size="1rem" aria-hidden="true" />}
          data-testid="notice-new"
          onClick={() => setWriting(true)}
        >
          {t('write')}
        </Button>
      }
    >
      <div className={styles.section}>
        <PagedView
          pages={pages}
          failed={t('failed')}
          restFailed={t('rest_failed')}
          empty={{
            icon: <IconSpeakerphone />,
            title: t('empty_title'),
            text: t('empty_text'),
            testId: 'admin-notices-empty',
          }}
          label={t('title')}
          testId="admin-notices"
          keyOf={(notice) => notice.notice_uuid}
          rowHeight={68}
        >
          {(notice) => <Row notice={notice} onOpen={() => setOpen(notice.notice_uuid)} />}
        </PagedView>
      </div>
      {writing && <NoticeForm onDone={pages.reload} onClose={() => setWriting(false)} />}
    </SectionPage>
  );
}

function Row({ notice, onOpen }: { notice: AdminNotice; onOpen: () => void }) {
  const { t, i18n } = useTranslation('notices_admin');
  const { t: tc } = useTranslation();
  const now = useNow(60_000);
  const people = useMirror((mirror) => mirror.people);
  const audience = useAudience();
  const when = listTime(i18n.language, notice.created_at, now, tc('yesterday'));
  return (
    <button
      type="button"
      className={styles.row}
      data-withdrawn={notice.withdrawn_at > 0}
      data-testid="admin-notice-row"
      onClick={onOpen}
    >
      <span className={styles.words}>
        <strong className={styles.line}>{unturned(notice.title)}</strong>
        <span className={styles.second}>
          {[people.get(notice.author_uuid)?.name ?? notice.author_name, when, audience(notice)].join(' · ')}
        </span>
      </span>
      {notice.withdrawn_at > 0 ? (
        <span className={styles.second}>{t('withdrawn')}</span>
      ) : (
        <Progress count={notice} confirm={notice.confirm} />
      )}
    </button>
  );
}
