import { IconPhotoOff, IconRefresh, IconX } from '@tabler/icons-react';
import { useState, type CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge, useMirror } from '@/bridge/session-context';
import type { Failure, File } from '@/bridge/types';
import { useFailureText } from '@/components/failure-notice';
import { shownName } from '@/components/file-names';
import { FileButton } from './file-button';
import { ProgressBar, progressOf } from './progress-bar';
import { canRetry } from './retry';
import type { FileState } from './transfer-state';
import { useFileActions } from './use-file-actions';
import { useFileState } from './use-file-state';
import { usePictureProblem } from './use-picture-problem';
import { useTransferWords } from './use-transfer-words';
import styles from './picture-tile.module.css';

export interface PictureTileProps {
  file: File;
  /** Pixels of the longer side that the server's small picture has: 240 or 960. */
  side: 240 | 960;
  /** So many more are behind this one. */
  more?: number;
  /** Its place, before anything has loaded. */
  style?: CSSProperties;
  onView: () => void;
}

/** A picture in a place that has its size from the first moment: loading, shown, or why it can't be. */
export function PictureTile({ file, side, more = 0, style, onView }: PictureTileProps) {
  const state = useFileState(file);
  const away = state.kind === 'gone';
  return (
    <span
      className={styles.tile}
      style={style}
      data-testid="message-picture"
      data-file={file.file_id}
      data-state={state.kind}
    >
      {away ? (
        <Missing name={file.name} why="gone" />
      ) : (
        // What became of one path says nothing of another: a sent picture has a new one.
        <Shown key={pathOf(file, side)} file={file} side={side} more={more} onView={onView} />
      )}
      <Moving state={state} />
    </span>
  );
}

/** The path of the picture; of one that is on its way up, what the composer showed. */
function pathOf(file: File, side: number): string {
  return file.file_id === '' ? `/held/${file.transfer}` : `/thumbnail/${file.file_id}/${side}`;
}

function Shown({ file, side, more, onView }: Required<Omit<PictureTileProps, 'style'>>) {
  const { t } = useTranslation('file');
  const bridge = useBridge();
  const link = useMirror((mirror) => mirror.state.link);
  const [loaded, setLoaded] = useState(false);
  // It is asked for again when the network is back, and when the reader asks.
  const [tries, setTries] = useState(0);
  const attempt = `${tries}/${link === 'online'}`;
  const [failed, setFailed] = useState<string>();
  const name = shownName(file.name);
  const problem = usePictureProblem({ fileId: file.file_id, side, failed: failed === attempt });
  if (problem) {
    const failure = problem.kind === 'failed' ? problem.failure : undefined;
    const again = problem.kind === 'failed' && file.file_id !== '' && canRetry(failure);
    return (
      <Missing
        name={file.name}
        why={problem.kind}
        failure={failure}
        onRetry={again ? () => setTries(tries + 1) : undefined}
      />
    );
  }
  const picture = (
    <img
      key={attempt}
      className={styles.picture}
      src={bridge.assetUrl(pathOf(file, side))}
      alt={name}
      draggable={false}
      decoding="async"
      data-loaded={loaded}
      onLoad={() => setLoaded(true)}
      onError={() => setFailed(attempt)}
    />
  );
  if (file.file_id === '') return picture;
  return (
    <button
      type="button"
      className={styles.press}
      aria-label={more > 0 ? t('view_more', { name, count: more }) : t('view', { name })}
      data-testid="picture-view"
      onClick={onView}
    >
      {picture}
      {more > 0 && (
        <span className={styles.more} aria-hidden="true">
          +{more}
        </span>
      )}
    </button>
  );
}

interface MissingProps {
  name: string;
  why: 'failed' | 'offline' | 'gone';
  /** What was said of it, where more is known. */
  failure?: Failure | undefined;
  onRetry?: (() => void) | undefined;
}

function Missing({ name, why, failure, onRetry }: MissingProps) {
  const { t } = useTranslation('file');
  const failureText = useFailureText();
  const text = failure ? failureText(failure) : t(`picture_${why}`);
  const shown = shownName(name);
  return (
    <span className={styles.missing} data-testid="picture-missing" data-why={why} title={`${shown}: ${text}`}>
      <IconPhotoOff className={styles.icon} aria-hidden="true" />
      <span className={styles.why}>{text}</span>
      {onRetry && (
        <FileButton
          icon={IconRefresh}
          label={t('picture_retry', { name: shown })}
          spoken={t('picture_retry', { name: shown })}
          testId="picture-retry"
          onPress={onRetry}
        />
      )}
    </span>
  );
}

/** Over a picture that is on its way: how far it has come, and how to end or repeat that. */
function Moving({ state }: { state: FileState }) {
  const { t } = useTranslation('file');
  const act = useFileActions();
  const words = useTransferWords();
  if (state.kind !== 'moving' && state.kind !== 'failed') return null;
  const { transfer } = state;
  const name = shownName(transfer.name);
  return (
    <span className={styles.moving} data-state={state.kind}>
      <span className={styles.words}>
        <span className={styles.status} title={words(transfer)} role={state.kind === 'failed' ? 'alert' : undefined}>
          {words(transfer)}
        </span>
        {state.kind === 'moving' && <ProgressBar {...progressOf(transfer)} />}
      </span>
      {state.kind === 'failed' && canRetry(transfer.failure) && (
        <FileButton
          icon={IconRefresh}
          label={t('retry', { name })}
          spoken={t('retry', { name })}
          testId="file-retry"
          onPress={() => act.retry(transfer.id)}
        />
      )}
      <FileButton
        icon={IconX}
        label={t('cancel', { name })}
        spoken={t('cancel', { name })}
        testId="file-cancel"
        onPress={() => act.cancel(transfer.id)}
      />
    </span>
  );
}
