import { useVirtualizer } from '@tanstack/react-virtual';
import { useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge, useMirror } from '@/bridge/session-context';
import { isComposing } from '@/components/keys';
import { columns, emojiRows, firstSpot, move, type EmojiRow, type Spot } from './emoji-rows';
import { EmojiTabs } from './emoji-tabs';
import { SkinTones } from './skin-tones';
import { useEmojiData, useNoteEmoji } from './use-emoji';
import styles from './emoji-picker.module.css';

/** What rows take until they are measured, in pixels at 100 %. */
const rowHeight = 36;
const headHeight = 28;
const arrows = new Set(['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight']);

export interface EmojiPickerProps {
  onPick: (emoji: string) => void;
}

/**
 * Chooses an emoji: recent ones, all by group, or by a word in Korean or English. The focus stays in the search field;
 * arrows move through the emoji from there and Enter takes one.
 */
export function EmojiPicker({ onPick }: EmojiPickerProps) {
  const { t, i18n } = useTranslation('compose');
  const bridge = useBridge();
  const data = useEmojiData();
  const note = useNoteEmoji();
  const settings = useMirror((mirror) => mirror.settings);
  // What was recent when the picker opened: the list must not move under the mouse.
  const [recent] = useState(settings.recent_emoji);
  const [query, setQuery] = useState('');
  const [spot, setSpot] = useState<Spot>();
  const tone = settings.skin_tone;
  const rows = useMemo(
    () => (data ? emojiRows(data, { query, recent, tone, language: i18n.language }) : []),
    [data, query, recent, tone, i18n.language],
  );
  const active = spot ?? firstSpot(rows);
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => unit(rows[index]?.kind === 'head' ? headHeight : rowHeight),
    overscan: 4,
  });

  function pick(emoji: string) {
    note(emoji);
    onPick(emoji);
  }

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>) {
    if (isComposing(event)) return;
    const horizontal = event.key === 'ArrowLeft' || event.key === 'ArrowRight';
    // With a word in the field, left and right belong to it until the arrows went into the list.
    if (arrows.has(event.key) && !(horizontal && query !== '' && spot === undefined)) {
      const next = spot === undefined ? firstSpot(rows) : move(rows, spot, event.key);
      setSpot(next);
      virtualizer.scrollToIndex(next.row);
    } else if (event.key === 'Enter') {
      const row = rows[active.row];
      const choice = row?.kind === 'emoji' ? row.choices[active.column] : undefined;
      if (choice) pick(choice.emoji);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <div className={styles.picker} data-testid="emoji-picker">
      <input
        className={styles.search}
        type="text"
        role="combobox"
        aria-label={t('emoji.search')}
        aria-expanded="true"
        aria-autocomplete="list"
        aria-controls={`${id}-list`}
        aria-activedescendant={rows.length > 0 ? optionId(id, active) : undefined}
        placeholder={t('emoji.search')}
        value={query}
        maxLength={50}
        spellCheck={false}
        autoComplete="off"
        data-autofocus
        data-testid="emoji-search"
        onChange={(event) => {
          setQuery(event.currentTarget.value);
          setSpot(undefined);
          virtualizer.scrollToOffset(0);
        }}
        onKeyDown={onKeyDown}
      />
      <EmojiTabs
        rows={rows}
        disabled={query !== ''}
        onChoose={(index) => virtualizer.scrollToIndex(index, { align: 'start' })}
      />
      <div
        ref={scroller}
        id={`${id}-list`}
        className={styles.list}
        role="listbox"
        aria-label={t('emoji.list')}
        // The list scrolls: the keyboard must reach it.
        tabIndex={-1}
      >
        {data && rows.length === 0 && <p className={styles.none}>{t('emoji.none')}</p>}
        <div className={styles.rows} role="presentation" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map((item) => {
            const row = rows[item.index];
            return row ? (
              <div
                key={item.key}
                ref={virtualizer.measureElement}
                data-index={item.index}
                data-kind={row.kind}
                className={styles.row}
                role="presentation"
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <Row row={row} place={item.index} active={active} id={id} onPick={pick} />
              </div>
            ) : null;
          })}
        </div>
      </div>
      <SkinTones
        tone={tone}
        onTone={(skin_tone) => {
          // The hand shows at once what was stored; a refusal shows by its staying as it was.
          bridge.saveSettings({ ...settings, skin_tone }).catch(() => undefined);
        }}
      />
    </div>
  );
}

/** A size in pixels at the zoom that the root's font size gives. */
function unit(pixels: number): number {
  const root = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  return root > 0 ? (pixels * root) / 16 : pixels; // without a layout there is no font size
}

function optionId(id: string, spot: Spot): string {
  return `${id}-${spot.row * columns + spot.column}`;
}

interface RowProps {
  row: EmojiRow;
  place: number;
  active: Spot;
  id: string;
  onPick: (emoji: string) => void;
}

function Row({ row, place, active, id, onPick }: RowProps) {
  const { t } = useTranslation('compose');
  if (row.kind === 'head') {
    return (
      <span className={styles.head} aria-hidden="true">
        {t(`emoji.group${row.group}` as 'emoji.group0')}
      </span>
    );
  }
  return row.choices.map(({ emoji, name }, column) => {
    const chosen = active.row === place && active.column === column;
    return (
      <button
        key={emoji}
        id={optionId(id, { row: place, column })}
        type="button"
        role="option"
        className={styles.emoji}
        aria-selected={chosen}
        aria-label={name}
        title={name}
        tabIndex={-1}
        data-emoji={emoji}
        // The search field keeps the focus.
        onMouseDown={(event) => event.preventDefault()}
        onClick={() => onPick(emoji)}
      >
        {emoji}
      </button>
    );
  });
}
