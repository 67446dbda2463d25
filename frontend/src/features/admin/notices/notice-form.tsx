import { Button, Checkbox, Group, NativeSelect, Stack, Textarea, TextInput } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge, useMirror } from '@/bridge/session-context';
import type { AdminNotice } from '@/bridge/types';
import { Dialog } from '@/components/dialog';
import { DateField } from '@/components/date-field';
import { FailureNotice } from '@/components/failure-notice';
import { fieldError } from '@/components/field-error';
import { unturned } from '@/components/isolated';
import { useToast } from '@/components/toast';
import { useTask } from '@/components/use-task';
import { departmentChoices } from '@/features/admin/members/members-model';
import { dueDay, endOf } from './due-day';
import styles from './notices-section.module.css';

export interface NoticeFormProps {
  /** The one that is edited; without it a new one is written. */
  notice?: AdminNotice;
  onDone: () => void;
  onClose: () => void;
}

/** Writes or edits a notice. When another administrator was first his words are shown, and nothing typed is lost. */
export function NoticeForm({ notice, onDone, onClose }: NoticeFormProps) {
  const { t } = useTranslation('notices_admin');
  const { t: tc } = useTranslation();
  const bridge = useBridge();
  const toast = useToast();
  const task = useTask();
  const [title, setTitle] = useState(notice?.title ?? '');
  const [text, setText] = useState(notice?.text ?? '');
  const [confirm, setConfirm] = useState(notice?.confirm ?? true);
  const [due, setDue] = useState(dueDay(notice?.due_at ?? 0));
  const [departments, setDepartments] = useState<readonly string[]>([]);
  const [askAgain, setAskAgain] = useState(false);
  const [base, setBase] = useState(notice);
  const [theirs, setTheirs] = useState<AdminNotice>();
  const [tried, setTried] = useState(false);
  const missing = { title: title.trim() === '', text: text.trim() === '' };

  async function send() {
    const words = { title: title.trim(), text: text.trim(), confirm, due_at: confirm ? endOf(due) : 0 };
    if (!base) return bridge.writeNotice({ ...words, department_uuids: [...departments] });
    // A day that was not touched keeps its very time.
    const due_at = confirm && dueDay(base.due_at) === due ? base.due_at : words.due_at;
    return bridge.editNotice(base.notice_uuid, { ...words, due_at, ask_again: askAgain, base_rev: base.rev });
  }

  async function save() {
    setTried(true);
    if (missing.title || missing.text) return;
    setTheirs(undefined);
    if (!(await task.run(send))) return;
    toast(t(base ? 'edited' : 'published'));
    onDone();
    onClose();
  }

  async function compare() {
    if (!base) return;
    let now: AdminNotice | undefined;
    await task.run(async () => {
      now = (await bridge.noticeStatus(base.notice_uuid)).notice;
    });
    if (!now) return;
    setTheirs(now);
    setBase(now);
  }

  return (
    <Dialog title={t(notice ? 'edit' : 'write')} width={640} onClose={onClose}>
      <Stack gap="md">
        <TextInput
          label={t('title_label')}
          withAsterisk
          maxLength={100}
          value={title}
          error={(tried && missing.title && t('missing')) || fieldError(task.failure, 'title')}
          data-autofocus
          data-testid="notice-title"
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <Textarea
          label={t('text_label')}
          description={t('text_hint')}
          withAsterisk
          rows={9}
          maxLength={10_000}
          value={text}
          error={(tried && missing.text && t('missing')) || fieldError(task.failure, 'text')}
          data-testid="notice-text"
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {!notice && <Audience chosen={departments} onChange={setDepartments} />}
        <Checkbox
          label={t('ask_confirm')}
          checked={confirm}
          data-testid="notice-ask"
          onChange={(event) => setConfirm(event.currentTarget.checked)}
        />
        {confirm && (
          <DateField
            future
            name={t('due_label')}
            description={t('due_hint')}
            day={due}
            error={fieldError(task.failure, 'due_at')}
            testId="notice-due"
            onChange={setDue}
          />
        )}
        {notice && (
          <Checkbox
            label={t('ask_again')}
            description={t('ask_again_hint')}
            checked={askAgain}
            data-testid="notice-again"
            onChange={(event) => setAskAgain(event.currentTarget.checked)}
          />
        )}
        {theirs && <Theirs notice={theirs} />}
        {task.failure && <FailureNotice failure={task.failure} title={t('not_saved')} testId="notice-problem" />}
        {task.failure?.reason === 'edit_conflict' && (
          <Button variant="default" data-testid="notice-compare" onClick={() => void compare()}>
            {t('compare')}
          </Button>
        )}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            {tc('cancel')}
          </Button>
          <Button loading={task.busy} data-testid="notice-save" onClick={() => void save()}>
            {t(theirs ? 'save_mine' : notice ? 'save' : 'publish')}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

/** What another administrator wrote meanwhile. */
function Theirs({ notice }: { notice: AdminNotice }) {
  const { t } = useTranslation('notices_admin');
  return (
    <section className={styles.theirs} aria-label={t('theirs')} data-testid="notice-theirs">
      <span className={styles.second}>{t('theirs')}</span>
      <strong>{unturned(notice.title)}</strong>
      <p className={styles.theirText}>{unturned(notice.text)}</p>
    </section>
  );
}

/** Everybody, or some departments with those below them. */
function Audience({ chosen, onChange }: { chosen: readonly string[]; onChange: (chosen: readonly string[]) => void }) {
  const { t } = useTranslation('notices_admin');
  const departments = useMirror((mirror) => mirror.departments);
  const choices = useMemo(() => departmentChoices(departments), [departments]);
  return (
    <div>
      <NativeSelect
        label={t('audience')}
        description={t('audience_hint')}
        value=""
        data-testid="notice-department"
        data={[
          { value: '', label: t(chosen.length === 0 ? 'everybody' : 'add_department') },
          ...choices.filter(({ uuid }) => !chosen.includes(uuid)).map(({ uuid, label }) => ({ value: uuid, label })),
        ]}
        onChange={(event) => event.currentTarget.value !== '' && onChange([...chosen, event.currentTarget.value])}
      />
      {chosen.length > 0 && (
        <ul className={styles.chosen}>
          {chosen.map((uuid) => {
            const name = departments.get(uuid)?.name ?? uuid;
            return (
              <li key={uuid}>
                <Button
                  size="compact-sm"
                  variant="default"
                  rightSection={<IconX size="0.875rem" aria-hidden="true" />}
                  aria-label={t('remove_department', { name })}
                  onClick={() => onChange(chosen.filter((one) => one !== uuid))}
                >
                  {name}
                </Button>
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
}
