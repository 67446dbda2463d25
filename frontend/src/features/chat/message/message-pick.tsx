import { IconCheck } from '@tabler/icons-react';
import { useSession } from '@/bridge/session-context';
import type { Message } from '@/bridge/types';
import { quotesOf } from './quotes';
import { chooseUpTo, isChoosable, toggleChosen } from './selection';
import styles from './message-pick.module.css';

export interface MessagePickProps {
  message: Message;
  chosen: boolean;
  label: string;
}

/** While messages are being chosen, all of a row is a checkbox. With Shift it chooses up to this one. */
export function MessagePick({ message, chosen, label }: MessagePickProps) {
  const session = useSession();
  if (!isChoosable(message)) return <span className={styles.pick} />;
  return (
    <label className={styles.pick} data-chosen={chosen}>
      <input
        type="checkbox"
        className={styles.input}
        checked={chosen}
        aria-label={label}
        data-testid="message-pick"
        onChange={(event) => {
          const { nativeEvent } = event;
          const isRange = nativeEvent instanceof MouseEvent && nativeEvent.shiftKey;
          if (isRange) chooseUpTo(message, quotesOf(session, message.room_uuid).loaded.getState());
          else toggleChosen(message);
        }}
      />
      <span className={styles.box} aria-hidden="true">
        <IconCheck className={styles.tick} />
      </span>
    </label>
  );
}
