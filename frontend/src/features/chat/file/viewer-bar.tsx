import {
  IconCopy,
  IconDeviceFloppy,
  IconMessage,
  IconRotateClockwise,
  IconX,
  IconZoomIn,
  IconZoomOut,
  type Icon,
} from '@tabler/icons-react';
import type { RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { useMirror } from '@/bridge/session-context';
import type { RoomFile } from '@/bridge/types';
import { FileName } from '@/components/file-name';
import { personName } from '@/components/names';
import { fullTime } from '@/i18n/time';
import { useFileActions } from './use-file-actions';
import type { StageHandle } from './viewer-stage';
import { closeViewer } from './viewer-store';
import styles from './image-viewer.module.css';

export interface ViewerBarProps {
  shown: RoomFile;
  scale: number;
  stage: RefObject<StageHandle | null>;
  onJump: () => void;
}

/** Above the picture: what it is, and what can be done with it. */
export function ViewerBar({ shown, scale, stage, onJump }: ViewerBarProps) {
  const { t, i18n } = useTranslation('file');
  const { t: tc } = useTranslation();
  const people = useMirror((mirror) => mirror.people);
  const act = useFileActions();
  const { file } = shown;
  const name = personName(people, shown.sender_uuid, tc);
  const buttons: readonly [string, Icon, string, () => void][] = [
    ['zoom-out', IconZoomOut, `${t('viewer.zoom_out')} (−)`, () => stage.current?.zoom(-1)],
    ['zoom-in', IconZoomIn, `${t('viewer.zoom_in')} (+)`, () => stage.current?.zoom(1)],
    ['turn', IconRotateClockwise, `${t('viewer.turn')} (R)`, () => stage.current?.turn()],
    ['copy', IconCopy, `${t('copy')} (Ctrl+C)`, () => act.copy(file.file_id)],
    ['save', IconDeviceFloppy, `${t('save_as')} (Ctrl+S)`, () => act.saveAs(file.file_id)],
    ['jump', IconMessage, t('viewer.jump'), onJump],
    ['close', IconX, `${t('viewer.close')} (Esc)`, closeViewer],
  ];
  return (
    <header className={styles.bar}>
      <span className={styles.words}>
        <strong className={styles.name}>
          <FileName name={file.name} />
        </strong>
        <span className={styles.detail}>{t('viewer.place', { time: fullTime(i18n.language, shown.at), name })}</span>
      </span>
      <button
        type="button"
        className={styles.scale}
        title={`${t('viewer.actual')} / ${t('viewer.fit')} (1, 0)`}
        aria-label={`${t('viewer.zoom', { percent: Math.round(scale * 100) })}, ${t('viewer.actual')} / ${t('viewer.fit')}`}
        data-testid="viewer-scale"
        onClick={() => stage.current?.toggle()}
      >
        {t('viewer.zoom', { percent: Math.round(scale * 100) })}
      </button>
      {buttons.map(([what, Picture, label, press]) => (
        <button
          key={what}
          type="button"
          className={styles.tool}
          aria-label={label}
          title={label}
          data-testid={`viewer-${what}`}
          data-autofocus={what === 'close' || undefined}
          onClick={press}
        >
          <Picture className={styles.icon} aria-hidden="true" />
        </button>
      ))}
    </header>
  );
}
