import { FocusTrap, Portal } from '@mantine/core';
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { RoomFile } from '@/bridge/types';
import { shownName } from '@/components/file-names';
import { useReturnFocus } from '@/components/use-return-focus';
import { useCover } from '@/components/window-focus';
import { useLogActions } from '@/components/log-actions';
import { useFileActions } from './use-file-actions';
import { useRoomFiles } from './use-room-files';
import { ViewerBar } from './viewer-bar';
import { ViewerStage, type StageHandle } from './viewer-stage';
import { closeViewer, openViewer, useViewed, type Viewed } from './viewer-store';
import styles from './image-viewer.module.css';

/** A picture above everything, once one is asked for. */
export function ImageViewer() {
  const viewed = useViewed();
  useEffect(() => closeViewer, []); // with the conversation
  return viewed ? <Opened viewed={viewed} /> : null;
}

function Opened({ viewed }: { viewed: Viewed }) {
  useReturnFocus();
  useCover();
  const { t } = useTranslation('file');
  const act = useFileActions();
  const { onJump } = useLogActions();
  const stage = useRef<StageHandle>(null);
  const [scale, setScale] = useState(1);
  const { shown, older, newer } = useNeighbours(viewed);
  if (!shown) return null;
  const { file } = shown;
  const show = (one: RoomFile | undefined) => one && openViewer({ ...viewed, fileId: one.file.file_id });

  const keys: Record<string, (() => void) | undefined> = {
    ArrowLeft: () => show(older),
    ArrowRight: () => show(newer),
    Equal: () => stage.current?.zoom(1),
    NumpadAdd: () => stage.current?.zoom(1),
    Minus: () => stage.current?.zoom(-1),
    NumpadSubtract: () => stage.current?.zoom(-1),
    Digit0: () => stage.current?.fit(),
    Numpad0: () => stage.current?.fit(),
    Digit1: () => stage.current?.toggle(),
    KeyR: () => stage.current?.turn(),
    Escape: closeViewer,
  };
  function onKeyDown(event: KeyboardEvent) {
    const held = event.ctrlKey || event.metaKey;
    const action = held && event.code === 'KeyC' ? () => act.copy(file.file_id) : held ? undefined : keys[event.code];
    // Nothing behind the viewer hears a key: Esc would mark the room as read. Tab is the focus trap's.
    if (event.code !== 'Tab') event.stopPropagation();
    if (held && event.code === 'KeyS') act.saveAs(file.file_id);
    else if (!action) return;
    else action();
    event.preventDefault();
  }
  return (
    <Portal>
      <FocusTrap active>
        {/* The keys of the viewer are its own, wherever in it the focus is. */}
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
        <div
          className={styles.viewer}
          role="dialog"
          aria-modal="true"
          aria-label={t('viewer.label', { name: shownName(file.name) })}
          data-testid="image-viewer"
          data-file={file.file_id}
          onKeyDown={onKeyDown}
        >
          <ViewerBar
            shown={shown}
            scale={scale}
            stage={stage}
            onJump={() => {
              closeViewer();
              onJump(shown.seq);
            }}
          />
          <ViewerStage
            key={file.file_id}
            ref={stage}
            file={file}
            onScale={setScale}
            onOlder={older && (() => show(older))}
            onNewer={newer && (() => show(newer))}
          />
        </div>
      </FocusTrap>
    </Portal>
  );
}

/** The picture, and those before and after it: of its message at once, of the room as they are loaded. */
function useNeighbours({ room, fileId, known }: Viewed) {
  const { files, more, loadMore } = useRoomFiles(room, 'photo');
  const all = useMemo(() => files.filter(({ file }) => !file.gone).toReversed(), [files]);
  const isThere = all.some(({ file }) => file.file_id === fileId);
  const list = isThere ? all : known;
  const at = list.findIndex(({ file }) => file.file_id === fileId);
  // One that lies far back is looked for page by page.
  const wantsMore = more && (isThere ? at < 3 : files.length > 0);
  useEffect(() => {
    if (wantsMore) loadMore();
  }, [wantsMore, loadMore]);
  return { shown: list[at], older: list[at - 1], newer: list[at + 1] };
}
