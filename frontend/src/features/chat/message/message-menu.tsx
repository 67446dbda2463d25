import { Menu } from '@mantine/core';
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconCopy,
  IconEye,
  IconLink,
  IconListCheck,
  IconMoodPlus,
  IconPencil,
  IconPin,
  IconPinnedOff,
  IconTrash,
} from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { asFailure } from '@/bridge/failure';
import { useBridge, useMirror } from '@/bridge/session-context';
import type { Message } from '@/bridge/types';
import { useFailureText } from '@/components/failure-notice';
import { useToast } from '@/components/toast';
import { useCopyLink } from '@/components/use-copy-link';
import { editMessage, replyTo } from '@/features/chat/compose/compose-intent';
import { FileItems } from './file-items';
import { quickEmoji, useReactions } from './reactions';
import { startSelection } from './selection';
import { useReact } from './use-react';
import styles from './message-menu.module.css';

/** What the menu leads to and can't do itself. */
export type MenuWish = 'delete' | 'forward' | 'react' | 'readers';

export interface MessageMenuProps {
  message: Message;
  /** What it opens at. */
  place: ReactElement;
  onWish: (wish: MenuWish) => void;
  onClose: () => void;
}

/** All that can be done with a message. One that is not sent yet can only be copied. */
export function MessageMenu({ message, place, onWish, onClose }: MessageMenuProps) {
  const isSent = message.state === 'sent';
  return (
    <Menu opened onClose={onClose} position="bottom-start" withinPortal>
      <Menu.Target>{place}</Menu.Target>
      <Menu.Dropdown data-testid="message-actions">
        {isSent ? <SentItems message={message} onWish={onWish} /> : <CopyItem message={message} />}
      </Menu.Dropdown>
    </Menu>
  );
}

function SentItems({ message, onWish }: { message: Message; onWish: (wish: MenuWish) => void }) {
  const { t } = useTranslation('message');
  return (
    <>
      <EmojiItems message={message} onMore={() => onWish('react')} />
      <Menu.Divider />
      <Menu.Item leftSection={icon(IconArrowBackUp)} data-testid="message-reply" onClick={() => replyTo(message)}>
        {t('reply')}
      </Menu.Item>
      <Menu.Item leftSection={icon(IconArrowForwardUp)} data-testid="message-forward" onClick={() => onWish('forward')}>
        {t('forward')}
      </Menu.Item>
      {(message.text !== '' || message.files.length === 0) && <CopyItem message={message} />}
      <LinkItem message={message} />
      <FileItems message={message} />
      {message.mine && !message.forwarded && (
        <Menu.Item leftSection={icon(IconPencil)} data-testid="message-edit" onClick={() => editMessage(message)}>
          {t('edit')}
        </Menu.Item>
      )}
      <PinItem message={message} />
      <ReadersItem message={message} onWish={onWish} />
      <Menu.Item leftSection={icon(IconListCheck)} data-testid="message-select" onClick={() => startSelection(message)}>
        {t('select')}
      </Menu.Item>
      <Menu.Divider />
      <Menu.Item
        className={styles.danger}
        leftSection={icon(IconTrash)}
        data-testid="message-delete"
        onClick={() => onWish('delete')}
      >
        {t('delete.action')}
      </Menu.Item>
    </>
  );
}

/** In a row, as one reacts most. The arrows go through them like through all items. */
function EmojiItems({ message, onMore }: { message: Message; onMore: () => void }) {
  const { t } = useTranslation('message');
  const recent = useMirror((mirror) => mirror.settings.recent_emoji);
  const me = useMirror((mirror) => mirror.state.me?.user_uuid ?? '');
  const reactions = useReactions(message, me);
  const react = useReact();
  return (
    <div className={styles.emojis} role="group" aria-label={t('reaction.label')}>
      {quickEmoji(recent).map((emoji) => {
        const mine = reactions.some((one) => one.emoji === emoji && one.mine);
        return (
          <Menu.Item
            key={emoji}
            className={styles.emoji}
            data-mine={mine}
            aria-label={t(mine ? 'reaction.without' : 'reaction.with', { emoji })}
            data-emoji={emoji}
            onClick={() => react(message, emoji, !mine)}
          >
            {emoji}
          </Menu.Item>
        );
      })}
      <Menu.Item
        className={styles.emoji}
        aria-label={t('reaction.add')}
        data-testid="message-react-more"
        onClick={onMore}
      >
        <IconMoodPlus className={styles.icon} aria-hidden="true" />
      </Menu.Item>
    </div>
  );
}

function CopyItem({ message }: { message: Message }) {
  const { t } = useTranslation('message');
  const bridge = useBridge();
  const toast = useToast();
  async function copy() {
    try {
      await bridge.copyText(message.text);
      toast(t('copied'));
    } catch {
      toast(t('copy_failed'));
    }
  }
  return (
    <Menu.Item leftSection={icon(IconCopy)} data-testid="message-copy" onClick={() => void copy()}>
      {t('copy')}
    </Menu.Item>
  );
}

/** For those who are in the room, wherever the link is pasted. */
function LinkItem({ message }: { message: Message }) {
  const { t } = useTranslation('message');
  const copy = useCopyLink();
  return (
    <Menu.Item
      leftSection={icon(IconLink)}
      data-testid="message-link"
      onClick={() => copy(message.room_uuid, message.seq)}
    >
      {t('copy_link')}
    </Menu.Item>
  );
}

function PinItem({ message }: { message: Message }) {
  const { t } = useTranslation('message');
  const bridge = useBridge();
  const toast = useToast();
  const failureText = useFailureText();
  const { pinned, message_id: id } = message;
  return (
    <Menu.Item
      leftSection={icon(pinned ? IconPinnedOff : IconPin)}
      data-testid="message-pin"
      onClick={() => {
        bridge.pin(id, !pinned).catch((error: unknown) => toast(failureText(asFailure(error))));
      }}
    >
      {t(pinned ? 'pin.off' : 'pin.on')}
    </Menu.Item>
  );
}

/** In the memo to oneself nobody else reads. */
function ReadersItem({ message, onWish }: { message: Message; onWish: (wish: MenuWish) => void }) {
  const { t } = useTranslation('message');
  const kind = useMirror((mirror) => mirror.rooms.get(message.room_uuid)?.kind);
  if (kind !== 'group' && kind !== 'notice') return null;
  return (
    <Menu.Item leftSection={icon(IconEye)} data-testid="message-readers" onClick={() => onWish('readers')}>
      {t('readers')}
    </Menu.Item>
  );
}

function icon(Icon: typeof IconCopy) {
  return <Icon className={styles.icon} aria-hidden="true" />;
}
