import { memo, useMemo } from 'react';
import { useMirror } from '@/bridge/session-context';
import type { Message } from '@/bridge/types';
import { unturned } from '@/components/isolated';
import { personName } from '@/components/names';
import { useLogActions } from '@/components/log-actions';
import { useTexts } from '@/i18n/use-texts';
import { CodeBlock } from './code-block';
import { isLargeEmoji } from './emoji-text';
import { formatted, type Inline } from './format';
import { mentionable } from './mentions';
import { MessageLink, PlaceLink, RoomLink } from './message-link';
import styles from './message-text.module.css';

export interface MessageTextProps {
  message: Pick<Message, 'text' | 'mentions' | 'mention_all'>;
}

/** A message's words: code, bold, addresses, mentions and emoji as they were meant. Elements only, never HTML. */
export const MessageText = memo(function MessageText({ message }: MessageTextProps) {
  const { t: tc } = useTexts();
  const people = useMirror((mirror) => mirror.people);
  const { text, mentions, mention_all: all } = message;
  const blocks = useMemo(() => {
    const mentioned = mentions.map((user) => ({ user, name: personName(people, user, tc) }));
    return formatted(text, mentionable(mentioned, all));
  }, [text, mentions, all, people, tc]);
  if (isLargeEmoji(text)) {
    return <span className={styles.large}>{text.trim()}</span>;
  }
  // A text never changes the order of its pieces: their places are their keys.
  return blocks.map((block, i) =>
    block.kind === 'code' ? (
      // oxlint-disable-next-line react/no-array-index-key
      <CodeBlock key={i} code={block.text} language={block.language} />
    ) : (
      // oxlint-disable-next-line react/no-array-index-key
      <span key={i} className={styles.words}>
        <Parts parts={block.parts} />
      </span>
    ),
  );
});

function Parts({ parts }: { parts: readonly Inline[] }) {
  // oxlint-disable-next-line react/no-array-index-key
  return parts.map((part, i) => <Part key={i} part={part} />);
}

function Part({ part }: { part: Inline }) {
  switch (part.kind) {
    case 'plain':
      return unturned(part.text);
    case 'bold':
      return (
        <strong className={styles.bold}>
          <Parts parts={part.parts} />
        </strong>
      );
    case 'code':
      return <code className={styles.code}>{unturned(part.text)}</code>;
    case 'emoji':
      return <span className={styles.emoji}>{part.text}</span>;
    case 'mention':
      return <Mention text={unturned(part.text)} user={part.user} />;
    case 'web':
      return <MessageLink link={part} />;
    case 'room':
      return <RoomLink link={part} />;
    case 'person':
    case 'notice':
      return <PlaceLink link={part} />;
  }
}

/** Somebody's name; it leads to the profile. Everybody has none. */
function Mention({ text, user }: { text: string; user: string }) {
  const { onPerson } = useLogActions();
  const me = useMirror((mirror) => mirror.state.me?.user_uuid);
  const mine = user === '' || user === me;
  if (user === '') {
    return (
      <span className={styles.mention} data-mine={mine} data-testid="mention">
        {text}
      </span>
    );
  }
  return (
    <button
      type="button"
      className={styles.mention}
      data-mine={mine}
      data-testid="mention"
      data-user={user}
      onClick={() => onPerson(user)}
    >
      {text}
    </button>
  );
}
