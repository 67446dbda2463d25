import { Button } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge } from '@/bridge/session-context';
import type { AdminNotice, NoticeStatus } from '@/bridge/types';
import { FailureNotice } from '@/components/failure-notice';
import { MessageText } from '@/components/text/message-text';
import { useToast } from '@/components/toast';
import { useTask } from '@/components/use-task';
import { LoadedView } from '@/features/admin/loaded-view';
import { SectionPage } from '@/features/admin/section-page';
import { useLoaded } from '@/features/admin/use-loaded';
import { fullTime } from '@/i18n/time';
import { NoticeForm } from './notice-form';
import { NoticePeopleList } from './notice-people-list';
import styles from './notices-section.module.css';
import { Progress } from './progress';
import { useAudience } from './use-audience';
import { WithdrawDialog } from './withdraw-dialog';

export interface NoticeStatusPageProps {
  notice: string;
  onBack: () => void;
}

/** One notice: what it says, how far each department is, who is missing, and what can be done about it. */
export function NoticeStatusPage({ notice, onBack }: NoticeStatusPageProps) {
  const { t } = useTranslation('notices_admin');
  const bridge = useBridge();
  const { state, reload } = useLoaded(useCallback(() => bridge.noticeStatus(notice), [bridge, notice]));
  return (
    <SectionPage
      title={t('status_title')}
      actions={
        <Button
          variant="default"
          leftSection={<IconArrowLeft size="1rem" aria-hidden="true" />}
          data-testid="notice-list"
          onClick={onBack}
        >
          {t('all')}
        </Button>
      }
    >
      <LoadedView state={state} onRetry={reload} title={t('failed')} rows={8}>
        {(status) => <Status status={status} onChanged={reload} />}
      </LoadedView>
    </SectionPage>
  );
}

function Status({ status, onChanged }: { status: NoticeStatus; onChanged: () => void }) {
  const { notice, departments } = status;
  const { t } = useTranslation('notices_admin');
  const [department, setDepartment] = useState('');
  return (
    <>
      <Words notice={notice} onChanged={onChanged} />
      {departments.length > 0 && (
        <section className={styles.card} aria-label={t('by_department')}>
          <h3 className={styles.name}>{t('by_department')}</h3>
          <ul className={styles.departments} data-testid="notice-departments">
            {departments.map((one) => {
              const key = one.department_uuid ?? 'none';
              return (
                <li key={key}>
                  <button
                    type="button"
                    className={styles.department}
                    aria-pressed={department === key}
                    data-testid="notice-status-department"
                    onClick={() => setDepartment(department === key ? '' : key)}
                  >
                    <span className={styles.line}>{one.name === '' ? t('no_department') : one.name}</span>
                    <Progress count={one} confirm={notice.confirm} />
                  </button>
                </li>
              );
            })}
          </ul>
        </section>
      )}
      <NoticePeopleList key={`${notice.rev} ${notice.withdrawn_at}`} notice={notice} department={department} />
    </>
  );
}

function Words({ notice, onChanged }: { notice: AdminNotice; onChanged: () => void }) {
  const { t, i18n } = useTranslation('notices_admin');
  const audience = useAudience();
  const words = useMemo(() => ({ text: notice.text, mentions: [], mention_all: false }), [notice.text]);
  const time = (at: number) => fullTime(i18n.language, at);
  const facts = [
    notice.author_name,
    time(notice.created_at),
    audience(notice),
    ...(notice.edited_at > 0 ? [t('edited_at', { time: time(notice.edited_at) })] : []),
    ...(notice.due_at > 0 ? [t('due_at', { time: time(notice.due_at) })] : []),
    ...(notice.reminded_at > 0 ? [t('reminded_at', { time: time(notice.reminded_at) })] : []),
    ...(notice.withdrawn_at > 0 ? [t('withdrawn_at', { time: time(notice.withdrawn_at) })] : []),
  ];
  return (
    <section className={styles.card} aria-label={notice.title}>
      <div className={styles.top}>
        <div>
          <h3 className={styles.heading}>{notice.title}</h3>
          <span className={styles.facts}>{facts.join(' · ')}</span>
        </div>
        <Progress count={notice} confirm={notice.confirm} />
      </div>
      <div className={styles.text}>
        <MessageText message={words} />
      </div>
      <Acts notice={notice} onChanged={onChanged} />
    </section>
  );
}

/** What can be done about a notice. */
function Acts({ notice, onChanged }: { notice: AdminNotice; onChanged: () => void }) {
  const { t } = useTranslation('notices_admin');
  const bridge = useBridge();
  const toast = useToast();
  const task = useTask();
  const [open, setOpen] = useState<'edit' | 'withdraw'>();
  const missing = notice.asked - notice.confirmed;
  const close = () => setOpen(undefined);

  async function remind() {
    let people = 0;
    const done = await task.run(async () => {
      people = await bridge.remindNotice(notice.notice_uuid);
    });
    if (done) toast(t('reminded', { count: people }));
    onChanged();
  }
  async function save() {
    let saved = false;
    await task.run(async () => {
      saved = await bridge.saveNotice(notice.notice_uuid);
    });
    if (saved) toast(t('saved'));
  }
  return (
    <>
      <div className={styles.acts}>
        {notice.withdrawn_at === 0 && (
          <>
            {notice.confirm && missing > 0 && (
              <Button loading={task.busy} data-testid="notice-remind" onClick={() => void remind()}>
                {t('remind', { count: missing })}
              </Button>
            )}
            <Button variant="default" data-testid="notice-edit" onClick={() => setOpen('edit')}>
              {t('edit')}
            </Button>
            <Button variant="default" data-testid="notice-withdraw" onClick={() => setOpen('withdraw')}>
              {t('withdraw')}
            </Button>
          </>
        )}
        <Button variant="default" data-testid="notice-export" onClick={() => void save()}>
          {t('export')}
        </Button>
      </div>
      {task.failure && <FailureNotice failure={task.failure} testId="notice-act-failed" />}
      {open === 'edit' && <NoticeForm notice={notice} onDone={onChanged} onClose={close} />}
      {open === 'withdraw' && <WithdrawDialog notice={notice} onDone={onChanged} onClose={close} />}
    </>
  );
}
