import { Tooltip, VisuallyHidden } from '@mantine/core';
import { IconMoodPlus } from '@tabler/icons-react';
import { useMirror } from '@/bridge/session-context';
import type { Reaction } from '@/bridge/types';
import { personName } from '@/components/names';
import { useTexts } from '@/i18n/use-texts';
import styles from './reaction-bar.module.css';

/** So many names stand in a tooltip. */
const namedUpTo = 10;

export interface ReactionBarProps {
  reactions: readonly Reaction[];
  onToggle: (emoji: string, on: boolean) => void;
  /** Asked to choose another emoji, near a place of the window. */
  onAdd: (x: number, y: number) => void;
}

/** Shows reactions with their counts; pressing one adds or removes one's own. */
export function ReactionBar(props: ReactionBarProps) {
  // Most messages have none, and what words the names would need costs each of them.
  return props.reactions.length === 0 ? null : <Reactions {...props} />;
}

function Reactions({ reactions, onToggle, onAdd }: ReactionBarProps) {
  const { t } = useTexts('message');
  const names = useReactionNames();
  return (
    <div role="group" aria-label={t('reaction.label')} className={styles.bar} data-testid="reactions">
      {reactions.map((reaction) => {
        const { emoji, mine, user_uuids: users } = reaction;
        const who = names(reaction);
        return (
          <Tooltip key={emoji} label={who} multiline maw="16rem" openDelay={250}>
            <button
              type="button"
              className={styles.reaction}
              aria-pressed={mine}
              data-testid="reaction"
              data-emoji={emoji}
              onClick={() => onToggle(emoji, !mine)}
            >
              <span className={styles.emoji}>{emoji}</span>
              {users.length}
              <VisuallyHidden>{who}</VisuallyHidden>
            </button>
          </Tooltip>
        );
      })}
      <button
        type="button"
        className={styles.add}
        aria-label={t('reaction.add')}
        aria-haspopup="dialog"
        data-testid="reaction-add"
        onClick={(event) => {
          const { left, bottom } = event.currentTarget.getBoundingClientRect();
          onAdd(left, bottom);
        }}
      >
        <IconMoodPlus className={styles.icon} aria-hidden="true" />
      </button>
    </div>
  );
}

/** Who reacted: oneself first, then the others as far as they fit. */
function useReactionNames(): (reaction: Reaction) => string {
  const { t } = useTexts('message');
  const { t: tc } = useTexts();
  const people = useMirror((mirror) => mirror.people);
  const me = useMirror((mirror) => mirror.state.me?.user_uuid ?? '');
  return ({ user_uuids: users }) => {
    const others = users.filter((user) => user !== me).map((user) => personName(people, user, tc));
    const all = users.includes(me) ? [tc('me'), ...others] : others;
    const named = all.slice(0, namedUpTo).join(', ');
    const rest = all.length - namedUpTo;
    return rest > 0 ? t('reaction.and_others', { names: named, count: rest }) : named;
  };
}
