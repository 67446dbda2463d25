import { useTranslation } from 'react-i18next';
import { useMirror } from '@/bridge/session-context';
import { Dialog } from '@/components/dialog';
import styles from './shortcuts-dialog.module.css';

const keys = [
  ['switch', ['Ctrl+K']],
  ['find_room', ['Ctrl+F']],
  ['find_all', ['Ctrl+Shift+F']],
  ['rooms', ['Alt+↑', 'Alt+↓']],
  ['unread_rooms', ['Alt+Shift+↑', 'Alt+Shift+↓']],
  ['new_chat', ['Ctrl+N']],
  ['attach', ['Ctrl+O']],
  ['edit_last', ['↑']],
  ['walk', ['Shift+Tab', '↑', '↓']],
  ['actions', ['Enter', 'Shift+F10']],
  ['escape', ['Esc']],
  ['settings', ['Ctrl+,']],
  ['lock', ['Ctrl+L']],
  ['help', ['Ctrl+/']],
] as const;

/** All shortcuts (Ctrl+/). */
export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('compose');
  const byEnter = useMirror((mirror) => mirror.settings.send_key !== 'ctrl_enter');
  const rows = [
    ['send', [byEnter ? 'Enter' : 'Ctrl+Enter']] as const,
    ['break', [byEnter ? 'Shift+Enter' : 'Enter']] as const,
    ...keys,
  ];
  return (
    <Dialog title={t('shortcuts.title')} width={480} onClose={onClose}>
      <dl className={styles.list} data-testid="shortcuts">
        {rows.map(([what, combos]) => (
          <div key={what} className={styles.row}>
            <dt>{t(`shortcuts.${what}`)}</dt>
            <dd className={styles.keys}>
              {combos.map((combo) => (
                <kbd key={combo} className={styles.key}>
                  {combo}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
