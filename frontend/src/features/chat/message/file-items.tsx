import { Menu } from '@mantine/core';
import { IconCopy, IconDeviceFloppy, IconDownload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Message } from '@/bridge/types';
import { viewable } from '@/features/chat/file/file-kind';
import { useFileActions } from '@/features/chat/file/use-file-actions';
import styles from './message-menu.module.css';

/** What the menu of a message does with its files. */
export function FileItems({ message }: { message: Message }) {
  const { t } = useTranslation('file');
  const act = useFileActions();
  const ids = message.files.filter((file) => file.file_id !== '' && !file.gone).map((file) => file.file_id);
  const [first] = ids;
  const [picture] = viewable(message.files);
  if (first === undefined) return null;
  return (
    <>
      {picture && message.files.length === 1 && (
        <Menu.Item
          leftSection={<IconCopy className={styles.icon} aria-hidden="true" />}
          data-testid="message-copy-picture"
          onClick={() => act.copy(picture.file_id)}
        >
          {t('copy')}
        </Menu.Item>
      )}
      {ids.length === 1 && (
        <Menu.Item
          leftSection={<IconDownload className={styles.icon} aria-hidden="true" />}
          data-testid="message-save"
          onClick={() => act.save(first)}
        >
          {t('save')}
        </Menu.Item>
      )}
      <Menu.Item
        leftSection={<IconDeviceFloppy className={styles.icon} aria-hidden="true" />}
        data-testid="message-save-as"
        onClick={() => (ids.length === 1 ? act.saveAs(first) : act.saveAll(ids))}
      >
        {t(ids.length === 1 ? 'save_as' : 'save_all')}
      </Menu.Item>
    </>
  );
}
