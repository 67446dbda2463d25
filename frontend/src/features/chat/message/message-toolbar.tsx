import { IconArrowBackUp, IconDots, IconMoodPlus } from '@tabler/icons-react';
import type { MouseEvent, ReactNode } from 'react';
import { useMirror } from '@/bridge/session-context';
import type { Message, Reaction } from '@/bridge/types';
import { replyTo } from '@/features/chat/compose/compose-intent';
import { useTexts } from '@/i18n/use-texts';
import { quickEmoji } from './reactions';
import styles from './message-toolbar.module.css';

export interface MessageToolbarProps {
  message: Message;
  reactions: readonly Reaction[];
  /** The mouse or the focus is on the message: all its buttons are there, and not only the last. */
  active: boolean;
  /** Above the message; below when there is no room. */
  side: 'above' | 'below';
  onReact: (emoji: string, on: boolean) => void;
  /** Asked to choose an emoji, or to open the menu, near a place of the window. */
  onOpen: (kind: 'menu' | 'react', x: number, y: number) => void;
}

/** The buttons over a message under the mouse or the focus: react, answer, and the menu for everything else. */
export function MessageToolbar({ message, reactions, active, side, onReact, onOpen }: MessageToolbarProps) {
  const { t } = useTexts('message');
  const openAt = (kind: 'menu' | 'react') => (event: MouseEvent<HTMLElement>) => {
    const { left, bottom } = event.currentTarget.getBoundingClientRect();
    onOpen(kind, left, bottom);
  };
  const isSent = message.state === 'sent';
  return (
    <div className={styles.place} data-active={active} data-side={side}>
      <div className={styles.toolbar} role="toolbar" aria-label={t('toolbar')}>
        {active && isSent && (
          <>
            <QuickReactions reactions={reactions} onReact={onReact} />
            <ToolButton label={t('reaction.add')} testId="message-react" onPress={openAt('react')}>
              <IconMoodPlus className={styles.icon} aria-hidden="true" />
            </ToolButton>
            <ToolButton label={t('reply')} testId="message-reply-button" onPress={() => replyTo(message)}>
              <IconArrowBackUp className={styles.icon} aria-hidden="true" />
            </ToolButton>
          </>
        )}
        <ToolButton label={t('menu')} testId="message-menu" hasMenu onPress={openAt('menu')}>
          <IconDots className={styles.icon} aria-hidden="true" />
        </ToolButton>
      </div>
    </div>
  );
}

function QuickReactions({ reactions, onReact }: Pick<MessageToolbarProps, 'reactions' | 'onReact'>) {
  const { t } = useTexts('message');
  const recent = useMirror((mirror) => mirror.settings.recent_emoji);
  return quickEmoji(recent).map((emoji) => {
    const mine = reactions.some((one) => one.emoji === emoji && one.mine);
    return (
      <button
        key={emoji}
        type="button"
        className={styles.emoji}
        aria-label={t('reaction.with', { emoji })}
        aria-pressed={mine}
        data-testid="quick-reaction"
        data-emoji={emoji}
        onClick={() => onReact(emoji, !mine)}
      >
        {emoji}
      </button>
    );
  });
}

interface ToolButtonProps {
  label: string;
  testId: string;
  hasMenu?: boolean;
  onPress: (event: MouseEvent<HTMLElement>) => void;
  children: ReactNode;
}

function ToolButton({ label, testId, hasMenu = false, onPress, children }: ToolButtonProps) {
  return (
    <button
      type="button"
      className={styles.tool}
      aria-label={label}
      title={label}
      aria-haspopup={hasMenu ? 'menu' : undefined}
      data-testid={testId}
      onClick={onPress}
    >
      {children}
    </button>
  );
}
