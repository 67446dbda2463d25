import { Button, Group, Radio, Stack, TextInput } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge } from '@/bridge/session-context';
import type { Failure, RetentionCount, RetentionPolicy } from '@/bridge/types';
import { Dialog } from '@/components/dialog';
import { FailureNotice } from '@/components/failure-notice';
import { fileSize } from '@/components/file-names';
import { useToast } from '@/components/toast';
import { useTask } from '@/components/use-task';
import { LoadedView } from '@/features/admin/loaded-view';
import { useLoaded } from '@/features/admin/use-loaded';
import { sumOf, type RoomClass } from './retention-model';
import styles from './retention.module.css';

export interface PreviewDialogProps {
  policy: RetentionPolicy;
  /** What is done after the look: the rules are saved, or what they say is deleted. */
  doing: 'save' | 'run';
  onDone: () => void;
  /** The server refuses a field of the rules: it is shown there. */
  onRefused: (failure: Failure) => void;
  onClose: () => void;
}

/** Counts what rules would delete, and does it only when a word was typed. */
export function PreviewDialog({ policy, doing, onDone, onRefused, onClose }: PreviewDialogProps) {
  const { t } = useTranslation('retention');
  const bridge = useBridge();
  const { state, reload } = useLoaded(useCallback(() => bridge.previewRetention(policy), [bridge, policy]));
  const refusal = state.kind === 'failed' ? ofField(state.failure) : undefined;
  useEffect(() => {
    if (refusal) onRefused(refusal);
  }, [refusal, onRefused]);
  return (
    <Dialog title={t(doing === 'save' ? 'save_title' : 'run_title')} width={640} onClose={onClose}>
      <LoadedView state={state} onRetry={reload} title={t('preview_failed')} rows={5}>
        {(counts) => (
          <Preview
            policy={policy}
            doing={doing}
            counts={counts}
            onDone={onDone}
            onRefused={onRefused}
            onClose={onClose}
          />
        )}
      </LoadedView>
    </Dialog>
  );
}

/** A failure that says something of a field. */
function ofField(failure: Failure | undefined): Failure | undefined {
  return failure?.fields?.length ? failure : undefined;
}

function Preview({
  policy,
  doing,
  counts,
  onDone,
  onRefused,
  onClose,
}: PreviewDialogProps & { counts: RetentionCount[] }) {
  const { t } = useTranslation('retention');
  const { t: tc } = useTranslation();
  const bridge = useBridge();
  const toast = useToast();
  const task = useTask();
  const [word, setWord] = useState('');
  const [when, setWhen] = useState<'window' | 'now'>('window');
  const [tried, setTried] = useState(false);
  const refusal = ofField(task.failure);
  useEffect(() => {
    if (refusal) onRefused(refusal);
  }, [refusal, onRefused]);
  const sum = sumOf(counts);
  const figures = { messages: sum.messages, files: sum.files, bytes: fileSize(sum.bytes) };
  const nothing = sum.messages + sum.files === 0;
  const differs = !nothing && word.trim() !== t('word');

  async function act() {
    setTried(true);
    if (differs) return;
    const done = await task.run(() =>
      doing === 'save' ? bridge.setRetention(policy) : bridge.startRetention(when === 'window', policy.rev),
    );
    if (!done) return;
    toast(t(doing === 'save' ? 'saved' : 'begun'));
    onDone();
    onClose();
  }

  return (
    <Stack gap="md" data-testid="retention-preview">
      <p>{nothing ? t('nothing_goes') : t(doing === 'save' && !policy.daily ? 'goes_later' : 'goes', figures)}</p>
      {!nothing && <CountTable counts={counts} />}
      {sum.heldRooms > 0 && (
        <p className={styles.small}>{t('held', { rooms: sum.heldRooms, messages: sum.heldMessages })}</p>
      )}
      {doing === 'run' && !nothing && (
        <Radio.Group label={t('when')} value={when} onChange={(value) => setWhen(value === 'now' ? 'now' : 'window')}>
          <Stack gap="xs" mt="xs">
            <Radio value="window" label={t('when_window')} />
            <Radio value="now" label={t('when_now')} data-testid="retention-now" />
          </Stack>
        </Radio.Group>
      )}
      {!nothing && (
        <TextInput
          label={t('type_word', { word: t('word') })}
          description={t('for_good')}
          value={word}
          withAsterisk
          error={tried && differs ? t('word_differs') : undefined}
          data-autofocus
          data-testid="retention-word"
          onChange={(event) => setWord(event.currentTarget.value)}
        />
      )}
      {task.failure && <FailureNotice failure={task.failure} />}
      <Group justify="flex-end" gap="sm">
        <Button variant="default" data-autofocus={nothing || undefined} onClick={onClose}>
          {tc('cancel')}
        </Button>
        <Button
          {...(nothing ? {} : { color: 'red' })}
          loading={task.busy}
          disabled={doing === 'run' && nothing}
          data-testid="retention-ok"
          onClick={() => void act()}
        >
          {t(doing === 'save' ? 'save' : 'delete')}
        </Button>
      </Group>
    </Stack>
  );
}

function CountTable({ counts }: { counts: readonly RetentionCount[] }) {
  const { t, i18n } = useTranslation('retention');
  const figure = (value: number) => value.toLocaleString(i18n.language);
  return (
    <div className={styles.scrolls}>
      <table className={styles.table}>
        <thead>
          <tr>
            {(['class_head', 'rooms', 'messages', 'files', 'size', 'oldest'] as const).map((head) => (
              <th key={head} scope="col">
                {t(head)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {counts
            .filter((count) => count.messages + count.files > 0)
            .map((count) => (
              <tr key={count.class}>
                <th scope="row">{t(`class.${count.class as RoomClass}`)}</th>
                <td>{figure(count.rooms)}</td>
                <td>{figure(count.messages)}</td>
                <td>{figure(count.files)}</td>
                <td>{fileSize(count.bytes)}</td>
                <td>{count.oldest === 0 ? '–' : new Date(count.oldest).toLocaleDateString(i18n.language)}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  );
}
