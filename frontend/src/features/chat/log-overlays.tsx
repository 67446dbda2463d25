import { Menu, Popover } from '@mantine/core';
import { IconCopy, IconTrash } from '@tabler/icons-react';
import { useState, type ComponentPropsWithRef } from 'react';
import { useTranslation } from 'react-i18next';
import { asFailure } from '@/bridge/failure';
import { useBridge } from '@/bridge/session-context';
import type { Failure, Message, Reads } from '@/bridge/types';
import { ConfirmDialog } from '@/components/confirm-dialog';
import { FailureNotice } from '@/components/failure-notice';
import { useToast } from '@/components/toast';
import { useReturnFocus } from '@/components/use-return-focus';
import styles from './log-overlays.module.css';
import { ReadersList } from './readers-list';

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
  return (
    <>
      {overlay?.kind === 'menu' && (
        <MessageMenu overlay={overlay} onDelete={() => setToDelete(overlay.message)} onClose={onClose} />
      )}
      {overlay?.kind === 'readers' && (
        <ReadersPopover overlay={overlay} reads={reads} messages={messages} onClose={onClose} />
      )}
      {toDelete && <DeleteDialog message={toDelete} onClose={() => setToDelete(undefined)} />}
    </>
  );
}

interface MessageMenuProps {
  overlay: Overlay;
  onDelete: () => void;
  onClose: () => void;
}

function MessageMenu({ overlay, onDelete, onClose }: MessageMenuProps) {
  useReturnFocus();
  return (
    <Menu opened onClose={onClose} position="bottom-start" withinPortal>
      <Menu.Target>
        <Place overlay={overlay} />
      </Menu.Target>
      <Menu.Dropdown>
        <MenuItems message={overlay.message} onDelete={onDelete} />
      </Menu.Dropdown>
    </Menu>
  );
}

function ReadersPopover({ overlay, reads, messages, onClose }: LogOverlaysProps & { overlay: Overlay }) {
  useReturnFocus();
  return (
    <Popover opened onDismiss={onClose} position="top" withinPortal trapFocus>
      <Popover.Target>
        <Place overlay={overlay} />
      </Popover.Target>
      <Popover.Dropdown>
        <ReadersList message={overlay.message} reads={reads} messages={messages} />
      </Popover.Dropdown>
    </Popover>
  );
}

interface PlaceProps extends ComponentPropsWithRef<'button'> {
  overlay: Overlay;
}

/** The point of the window at which an overlay opens. Nobody can press it or hear of it. */
function Place({ overlay, ...rest }: PlaceProps) {
  const at = { left: overlay.x, top: overlay.y };
  return <button {...rest} type="button" tabIndex={-1} aria-hidden="true" className={styles.place} style={at} />;
}

function MenuItems({ message, onDelete }: { message: Message; onDelete: () => void }) {
  const { t } = useTranslation('chat');
  const toast = useToast();
  const bridge = useBridge();
  async function copy() {
    try {
      await bridge.copyText(message.text);
      toast(t('message.copied'));
    } catch {
      toast(t('message.copy_failed'));
    }
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
