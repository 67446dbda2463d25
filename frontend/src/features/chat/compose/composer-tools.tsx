import { Popover } from '@mantine/core';
import { IconAt, IconLock, IconMoodSmile, IconPaperclip, IconTypography } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Room } from '@/bridge/types';
import { IconButton } from '@/components/icon-button';
import { EmojiPicker } from '@/features/chat/emoji/emoji-picker';
import { useRoomActions } from '@/features/chat/rooms/use-room-actions';
import { FormatHelp } from './format-help';
import styles from './composer.module.css';

export interface ComposerToolsProps {
  room: Room;
  /** Puts a text where the caret is. */
  onText: (text: string) => void;
  /** Chooses files; undefined where none can go along. */
  onAttach: (() => void) | undefined;
}

/** The small buttons under the field. */
export function ComposerTools({ room, onText, onAttach }: ComposerToolsProps) {
  const { t } = useTranslation('compose');
  const { t: tf } = useTranslation('file');
  const { setMy } = useRoomActions();
  const several = room.kind === 'group' || room.kind === 'notice';
  return (
    <div className={styles.buttons}>
      {onAttach && (
        <IconButton label={tf('attach')} shortcut="Ctrl+O" keepFocus testId="composer-attach" onClick={onAttach}>
          <IconPaperclip className={styles.icon} aria-hidden="true" />
        </IconButton>
      )}
      <EmojiButton onPick={onText} />
      {several && (
        <IconButton label={t('mention.button')} keepFocus testId="composer-mention" onClick={() => onText('@')}>
          <IconAt className={styles.icon} aria-hidden="true" />
        </IconButton>
      )}
      <Popover position="top-start" withinPortal trapFocus returnFocus>
        <Popover.Target>
          <IconButton label={t('format.button')} testId="composer-format">
            <IconTypography className={styles.icon} aria-hidden="true" />
          </IconButton>
        </Popover.Target>
        <Popover.Dropdown aria-label={t('format.title')}>
          <FormatHelp />
        </Popover.Dropdown>
      </Popover>
      {!room.locked && room.kind !== 'self' && (
        <IconButton
          label={t('lock.lock')}
          testId="composer-lock"
          onClick={() => setMy(room.room_uuid, { locked: true })}
        >
          <IconLock className={styles.icon} aria-hidden="true" />
        </IconButton>
      )}
    </div>
  );
}

/** Opens the picker; it stays open until it is left, so that several can be taken. */
function EmojiButton({ onPick }: { onPick: (emoji: string) => void }) {
  const { t } = useTranslation('compose');
  const [open, setOpen] = useState(false);
  return (
    <Popover position="top-start" opened={open} onChange={setOpen} withinPortal trapFocus returnFocus>
      <Popover.Target>
        <IconButton label={t('emoji.button')} testId="composer-emoji" onClick={() => setOpen(!open)}>
          <IconMoodSmile className={styles.icon} aria-hidden="true" />
        </IconButton>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('emoji.list')}>{open && <EmojiPicker onPick={onPick} />}</Popover.Dropdown>
    </Popover>
  );
}
