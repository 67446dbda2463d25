import { useTranslation } from 'react-i18next';
import { useMirror } from '@/bridge/session-context';
import { Notice } from './notice';
import styles from './update-notice.module.css';
import { UpdateButton, useUpdateWords } from './update-status';

/** Says that this version can't be used any more, and how far the new one is. Nothing as long as it can. */
export function UpdateNotice() {
  const { t } = useTranslation('update');
  const app = useMirror((mirror) => mirror.state.app);
  const turnedAway = useMirror((mirror) => mirror.state.link_problem?.code === 'too_old');
  const { state, problem } = useUpdateWords(app);
  if (!app.required && !turnedAway) return null;
  return (
    <div className={styles.place}>
      <Notice kind="warn" testId="update-notice">
        <div className={styles.row}>
          <span className={styles.words}>
            <span>{t('required')}</span>
            <span>{problem === '' ? state : problem}</span>
          </span>
          <UpdateButton app={app} />
        </div>
      </Notice>
    </div>
  );
}
