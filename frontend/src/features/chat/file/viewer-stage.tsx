import { Loader } from '@mantine/core';
import { IconChevronLeft, IconChevronRight, IconPhotoOff } from '@tabler/icons-react';
import { useImperativeHandle, useLayoutEffect, useRef, useState, type Ref, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge, useMirror } from '@/bridge/session-context';
import type { File } from '@/bridge/types';
import { useFailureText } from '@/components/failure-notice';
import { shownName } from '@/components/file-names';
import { usePictureProblem } from './use-picture-problem';
import { fitted, moved, scaleOf, toggled, turned, zoomed, type Sizes, type View } from './viewer-view';
import styles from './image-viewer.module.css';

/** What keys and buttons do to the picture. */
export interface StageHandle {
  zoom: (by: 1 | -1) => void;
  fit: () => void;
  toggle: () => void;
  turn: () => void;
}

export interface ViewerStageProps {
  file: File;
  onScale: (scale: number) => void;
  onOlder: (() => void) | undefined;
  onNewer: (() => void) | undefined;
  ref: Ref<StageHandle>;
}

/** The picture itself: the wheel zooms at the pointer, dragging moves, a double press shows it at its own size. */
export function ViewerStage({ file, onScale, onOlder, onNewer, ref }: ViewerStageProps) {
  const { t } = useTranslation('file');
  const place = useRef<HTMLDivElement>(null);
  const room = useSize(place);
  const sizes: Sizes = { picture: file, window: room };
  const [view, setView] = useState<View>(fitted);
  const scale = scaleOf(view, sizes);
  useLayoutEffect(() => onScale(scale), [onScale, scale]);
  useImperativeHandle(ref, () => ({
    zoom: (by) => setView(zoomed(view, sizes, by)),
    fit: () => setView({ ...fitted, turns: view.turns }),
    toggle: () => setView(toggled(view, sizes)),
    turn: () => setView(turned(view)),
  }));
  const [full, setFull] = useState<Loaded>('loading');
  const drag = useRef<{ x: number; y: number }>(undefined);
  const { width, height } = file;
  return (
    <div
      ref={place}
      className={styles.stage}
      data-testid="viewer-stage"
      onWheel={(event) => {
        const box = event.currentTarget.getBoundingClientRect();
        const at = { x: event.clientX - box.left - box.width / 2, y: event.clientY - box.top - box.height / 2 };
        if (event.deltaY !== 0) setView(zoomed(view, sizes, event.deltaY < 0 ? 1 : -1, at));
      }}
      onDoubleClick={() => setView(toggled(view, sizes))}
      onPointerDown={(event) => {
        if (event.button !== 0 || event.target instanceof HTMLButtonElement) return;
        drag.current = { x: event.clientX, y: event.clientY };
      }}
      onPointerMove={(event) => {
        if (!drag.current || event.buttons === 0) return;
        setView(moved(view, sizes, event.clientX - drag.current.x, event.clientY - drag.current.y));
        drag.current = { x: event.clientX, y: event.clientY };
      }}
      onPointerUp={() => {
        drag.current = undefined;
      }}
    >
      <div
        className={styles.picture}
        style={{
          width,
          height,
          transform: `translate(-50%, -50%) translate(${view.x}px, ${view.y}px) rotate(${view.turns * 90}deg) scale(${scale})`,
        }}
      >
        <Layers file={file} full={full} onFull={setFull} />
      </div>
      {onOlder && (
        <button
          type="button"
          className={styles.step}
          data-side="older"
          aria-label={t('viewer.older')}
          title={`${t('viewer.older')} (←)`}
          data-testid="viewer-older"
          onClick={onOlder}
        >
          <IconChevronLeft className={styles.icon} aria-hidden="true" />
        </button>
      )}
      {onNewer && (
        <button
          type="button"
          className={styles.step}
          data-side="newer"
          aria-label={t('viewer.newer')}
          title={`${t('viewer.newer')} (→)`}
          data-testid="viewer-newer"
          onClick={onNewer}
        >
          <IconChevronRight className={styles.icon} aria-hidden="true" />
        </button>
      )}
      <Status file={file} full={full} />
    </div>
  );
}

type Loaded = 'loading' | 'loaded' | 'failed';

interface LayersProps {
  file: File;
  full: Loaded;
  onFull: (state: Loaded) => void;
}

/** The small picture at once, and the picture itself over it when it is there. Both are asked for again after an outage. */
function Layers({ file, full, onFull }: LayersProps) {
  const bridge = useBridge();
  const name = shownName(file.name);
  const link = useMirror((mirror) => mirror.state.link);
  return (
    <>
      <img
        key={`small-${link}`}
        className={styles.layer}
        src={bridge.assetUrl(`/thumbnail/${file.file_id}/960`)}
        alt={full === 'loaded' ? '' : name}
        draggable={false}
      />
      <img
        key={`full-${link}`}
        className={styles.layer}
        src={bridge.assetUrl(`/image/${file.file_id}`)}
        alt={full === 'loaded' ? name : ''}
        draggable={false}
        data-state={full}
        onLoad={() => onFull('loaded')}
        onError={() => onFull('failed')}
      />
    </>
  );
}

/** Whether the picture itself is still on its way, or can't be had. */
function Status({ file, full }: { file: File; full: Loaded }) {
  const { t } = useTranslation('file');
  const failureText = useFailureText();
  const problem = usePictureProblem({ fileId: file.file_id, side: 0, failed: full === 'failed' });
  if (full === 'loaded') return null;
  if (full === 'loading') {
    return (
      <span className={styles.status} role="status">
        <Loader size="xs" color="gray" /> {t('viewer.loading')}
      </span>
    );
  }
  return (
    <span className={styles.status} role="alert" data-testid="viewer-failed">
      <IconPhotoOff className={styles.icon} aria-hidden="true" />
      {problem?.kind === 'failed' && problem.failure
        ? failureText(problem.failure)
        : t(`picture_${problem?.kind ?? 'failed'}`)}
    </span>
  );
}

/** How large the place for the picture is. */
function useSize(place: RefObject<HTMLElement | null>): { width: number; height: number } {
  const [size, setSize] = useState({ width: 1, height: 1 });
  useLayoutEffect(() => {
    const element = place.current;
    if (!element) return undefined;
    const measure = () => setSize({ width: element.clientWidth || 1, height: element.clientHeight || 1 });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [place]);
  return size;
}
