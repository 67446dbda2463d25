import { IconArrowDown, IconArrowUp, IconExternalLink, IconFolder, IconRefresh, IconX } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Transfer } from '@/bridge/types';
import { FileName } from '@/components/file-name';
import { shownName } from '@/components/file-names';
import { FileButton } from './file-button';
import { FileIcon } from './file-icon';
import { ProgressBar, progressOf } from './progress-bar';
import { canRetry } from './retry';
import { isMoving } from './transfer-state';
import { useFileActions } from './use-file-actions';
import { useTransferWords } from './use-transfer-words';
import styles from './transfer-list.module.css';

/** About how high a row is, in pixels. */
const rowHeight = 58;

/** All transfers, those in view in the page: how far each has come, and what can be done about it. */
export function TransferList({ transfers }: { transfers: readonly Transfer[] }) {
  const { t } = useTranslation('file');
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: transfers.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => transfers[index]?.id ?? index,
    overscan: 4,
    // Before the popover has its place.
    initialRect: { width: 0, height: rowHeight * 6 },
  });
  return (
    <>
      <p className={styles.title}>{t('transfers.title')}</p>
      {transfers.length === 0 && <p className={styles.empty}>{t('transfers.empty')}</p>}
      <div ref={scroller} className={styles.list} data-testid="transfers">
        <ul className={styles.rows} style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ index, start, key }) => {
            const transfer = transfers[index];
            return (
              transfer && (
                <li
                  key={key}
                  ref={virtualizer.measureElement}
                  data-index={index}
                  className={styles.place}
                  style={{ transform: `translateY(${start}px)` }}
                >
                  <Row transfer={transfer} />
                </li>
              )
            );
          })}
        </ul>
      </div>
    </>
  );
}

function Row({ transfer }: { transfer: Transfer }) {
  const { t } = useTranslation('file');
  const words = useTransferWords();
  const { upload, name, state } = transfer;
  const Way = upload ? IconArrowUp : IconArrowDown;
  return (
    <div className={styles.row} data-testid="transfer" data-transfer={transfer.id} data-state={state}>
      <FileIcon name={name} />
      <span className={styles.words}>
        <span className={styles.name}>
          <FileName name={name} />
        </span>
        <span className={styles.detail}>
          <Way className={styles.way} role="img" aria-label={t(upload ? 'transfers.up' : 'transfers.down')} />
          {words(transfer)}
        </span>
        {isMoving(transfer) && <ProgressBar {...progressOf(transfer)} />}
      </span>
      <Buttons transfer={transfer} />
    </div>
  );
}

function Buttons({ transfer }: { transfer: Transfer }) {
  const { t } = useTranslation('file');
  const act = useFileActions();
  const { id, file_id: fileId, upload, state } = transfer;
  const name = shownName(transfer.name);
  const spoken = (action: string) => t('file_action', { action, name });
  const retry = t('retry', { name });
  const cancel = t('cancel', { name });
  if (state === 'done') {
    if (upload) return null;
    return (
      <span className={styles.buttons}>
        <FileButton
          icon={IconExternalLink}
          label={t('open')}
          spoken={spoken(t('open'))}
          testId="transfer-open"
          onPress={() => act.open(fileId)}
        />
        <FileButton
          icon={IconFolder}
          label={t('show')}
          spoken={spoken(t('show'))}
          testId="transfer-show"
          onPress={() => act.show(fileId)}
        />
      </span>
    );
  }
  return (
    <span className={styles.buttons}>
      {state === 'failed' && canRetry(transfer.failure) && (
        <FileButton
          icon={IconRefresh}
          label={retry}
          spoken={retry}
          testId="transfer-retry"
          onPress={() => act.retry(id)}
        />
      )}
      <FileButton icon={IconX} label={cancel} spoken={cancel} testId="transfer-cancel" onPress={() => act.cancel(id)} />
    </span>
  );
}
