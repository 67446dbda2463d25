import { useMirror } from '@/bridge/session-context';
import type { Message } from '@/bridge/types';
import { useTexts } from '@/i18n/use-texts';
import { useLogActions } from '@/components/log-actions';
import { systemText } from './system-text';
import styles from './system-line.module.css';

export interface SystemLineProps {
  message: Message;
}

/** What the server says about the room. One about a pinned message leads there. */
export function SystemLine({ message }: SystemLineProps) {
  const { t } = useTexts('chat');
  const { t: tm } = useTexts('message');
  const { t: tc } = useTexts();
  const people = useMirror((mirror) => mirror.people);
  const { onJump } = useLogActions();
  const { system, seq } = message;
  const target = system?.action === 'pinned' ? (system.seq ?? 0) : 0;
  return (
    <p className={styles.line} data-testid="system-line" data-seq={seq}>
      {system ? systemText(system, people, t, tc) : t('system.other')}
      {target > 0 && (
        <button type="button" className={styles.show} onClick={() => onJump(target)}>
          {tm('show')}
        </button>
      )}
    </p>
  );
}
