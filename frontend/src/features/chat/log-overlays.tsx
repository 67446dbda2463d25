import { Menu, Popover } from '@mantine/core';
import { IconCopy, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asFailure } from '@/bridge/failure';
import { useBridge } from '@/bridge/session-context';
import type { Failure, Message, Reads } from '@/bridge/types';
import { ConfirmDialog } from '@/components/confirm-dialog';
import { FailureNotice } from '@/components/failure-notice';
import { useToast } from '@/components/toast';
import styles from './log-overlays.module.css';
import { ReadersList } from './readers-list';
import { readersOf } from './unread';

/** What opens over the log, at a place of the window. One for all messages: rows come and go. */
export interface Overlay {
  kind: 'menu' | 'readers';
  message: Message;
  x: number;
  y: number;
}

export interface LogOverlaysProps {
  overlay: Overlay | undefined;
  reads: Reads;
  messages: readonly Message[];
  onClose: () => void;
}

/** The menu of a message, who has read it, and the question before a delete. */
export function LogOverlays({ overlay, reads, messages, onClose }: LogOverlaysProps) {
  const [toDelete, setToDelete] = useState<Message>();
  const place = <span className={styles.place} style={{ left: overlay?.x ?? 0, top: overlay?.y ?? 0 }} />;
  return (
    <>
      <Menu opened={overlay?.kind === 'menu'} onClose={onClose} position="bottom-start" withinPortal>
        <Menu.Target>{place}</Menu.Target>
        <Menu.Dropdown>
          {overlay && <MenuItems message={overlay.message} onDelete={() => setToDelete(overlay.message)} />}
        </Menu.Dropdown>
      </Menu>
      <Popover opened={overlay?.kind === 'readers'} onDismiss={onClose} position="top" withinPortal trapFocus>
        <Popover.Target>{place}</Popover.Target>
        <Popover.Dropdown>
          {overlay && <ReadersList readers={readersOf(reads, messages, overlay.message)} />}
        </Popover.Dropdown>
      </Popover>
      {toDelete && <DeleteDialog message={toDelete} onClose={() => setToDelete(undefined)} />}
    </>
  );
}

function MenuItems({ message, onDelete }: { message: Message; onDelete: () => void }) {
  const { t } = useTranslation('chat');
  const toast = useToast();
  async function copy() {
    await navigator.clipboard.writeText(message.text);
    toast(t('message.copied'));
  }
  return (
    <>
      <Menu.Item leftSection={<IconCopy size="1rem" />} data-testid="message-copy" onClick={() => void copy()}>
        {t('message.copy')}
      </Menu.Item>
      {message.mine && message.message_id > 0 && message.deleted_at === 0 && (
        <Menu.Item color="red" leftSection={<IconTrash size="1rem" />} data-testid="message-delete" onClick={onDelete}>
          {t('message.delete')}
        </Menu.Item>
      )}
    </>
  );
}

function DeleteDialog({ message, onClose }: { message: Message; onClose: () => void }) {
  const { t } = useTranslation('chat');
  const bridge = useBridge();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  async function remove() {
    setBusy(true);
    try {
      await bridge.deleteMessage(message.message_id);
      onClose();
    } catch (error) {
      setFailure(asFailure(error));
      setBusy(false);
    }
  }
  return (
    <ConfirmDialog
      opened
      danger
      title={t('message.delete_title')}
      okLabel={t('message.delete_ok')}
      busy={busy}
      onOk={() => void remove()}
      onClose={onClose}
    >
      <p className={styles.text}>{t('message.delete_text')}</p>
      {failure && <FailureNotice failure={failure} />}
    </ConfirmDialog>
  );
}
