import { Popover } from '@mantine/core';
import { lazy, Suspense, useState, type ComponentPropsWithRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useMirror } from '@/bridge/session-context';
import type { Message, Reads } from '@/bridge/types';
import { useReturnFocus } from '@/components/use-return-focus';
import { DeleteDialog } from '@/features/chat/message/delete-dialog';
import type { Spot } from '@/features/chat/message/menu-place';
import { MessageMenu, type MenuWish } from '@/features/chat/message/message-menu';
import { expectedNow } from '@/features/chat/message/reactions';
import { ReadersList } from '@/features/chat/message/readers-list';
import { useReact } from '@/features/chat/message/use-react';
import styles from './log-overlays.module.css';

const EmojiPicker = lazy(async () => ({ default: (await import('@/features/chat/emoji/emoji-picker')).EmojiPicker }));
const ForwardDialog = lazy(async () => ({
  default: (await import('@/features/chat/message/forward-dialog')).ForwardDialog,
}));

/** What opens over the log, at a place of the window. One for all messages: rows come and go. */
export interface Overlay {
  kind: 'menu' | 'react' | 'readers';
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

/** The menu of a message, who has read it, the emoji for it, and the dialogs that the menu leads to. */
export function LogOverlays({ overlay, reads, messages, onClose }: LogOverlaysProps) {
  // What the menu led to: the menu itself is closed by then.
  const [wish, setWish] = useState<{ kind: MenuWish; from: Overlay }>();
  const end = () => setWish(undefined);
  return (
    <>
      {overlay?.kind === 'menu' && (
        <Opened>
          <MessageMenu
            message={overlay.message}
            place={<Place x={overlay.x} y={overlay.y} />}
            onWish={(kind) => setWish({ kind, from: overlay })}
            onClose={onClose}
          />
        </Opened>
      )}
      {overlay?.kind === 'react' && <ReactPopover overlay={overlay} onClose={onClose} />}
      {wish?.kind === 'react' && <ReactPopover overlay={wish.from} onClose={end} />}
      {overlay?.kind === 'readers' && (
        <ReadersPopover overlay={overlay} reads={reads} messages={messages} onClose={onClose} />
      )}
      {wish?.kind === 'readers' && (
        <ReadersPopover overlay={wish.from} reads={reads} messages={messages} onClose={end} />
      )}
      {wish?.kind === 'delete' && <DeleteDialog messages={[wish.from.message]} onClose={end} />}
      <Suspense fallback={null}>
        {wish?.kind === 'forward' && <ForwardDialog messages={[wish.from.message]} onClose={end} />}
      </Suspense>
    </>
  );
}

/** Gives the focus back to the row when what it wraps has closed. */
function Opened({ children }: { children: React.ReactNode }) {
  useReturnFocus();
  return children;
}

/** In a low window there is room neither above nor below: then it covers the place instead of being cut off. */
const insideWindow = { shift: { crossAxis: true, limiter: { fn: ({ x, y }: Spot) => ({ x, y }) } } };

interface ReactPopoverProps {
  overlay: Overlay;
  onClose: () => void;
}

/** All emoji, for a reaction. */
function ReactPopover({ overlay, onClose }: ReactPopoverProps) {
  useReturnFocus();
  const { t } = useTranslation('message');
  const react = useReact();
  const me = useMirror((mirror) => mirror.state.me?.user_uuid ?? '');
  const { message } = overlay;
  return (
    <Popover opened onDismiss={onClose} position="top-start" middlewares={insideWindow} withinPortal trapFocus>
      <Popover.Target>
        <Place x={overlay.x} y={overlay.y} />
      </Popover.Target>
      <Popover.Dropdown aria-label={t('reaction.add')}>
        <Suspense fallback={<div className={styles.waiting} />}>
          <EmojiPicker
            onPick={(emoji) => {
              onClose();
              const mine = expectedNow(message, me).some((one) => one.emoji === emoji && one.mine);
              react(message, emoji, !mine);
            }}
          />
        </Suspense>
      </Popover.Dropdown>
    </Popover>
  );
}

interface ReadersPopoverProps {
  overlay: Overlay;
  reads: Reads;
  messages: readonly Message[];
  onClose: () => void;
}

function ReadersPopover({ overlay, reads, messages, onClose }: ReadersPopoverProps) {
  useReturnFocus();
  return (
    <Popover opened onDismiss={onClose} position="top" withinPortal trapFocus>
      <Popover.Target>
        <Place x={overlay.x} y={overlay.y} />
      </Popover.Target>
      <Popover.Dropdown>
        <ReadersList message={overlay.message} reads={reads} messages={messages} />
      </Popover.Dropdown>
    </Popover>
  );
}

interface PlaceProps extends ComponentPropsWithRef<'button'> {
  x: number;
  y: number;
}

/** The point of the window at which an overlay opens. Nobody can press it or hear of it. */
function Place({ x, y, ...rest }: PlaceProps) {
  return (
    <button
      {...rest}
      type="button"
      tabIndex={-1}
      aria-hidden="true"
      className={styles.place}
      style={{ left: x, top: y }}
    />
  );
}
