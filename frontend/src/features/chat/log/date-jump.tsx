import { Popover } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { MonthGrid } from '@/components/month-grid';
import { useNow } from '@/components/use-now';
import { useReturnFocus } from '@/components/use-return-focus';
import styles from './log-overlays.module.css';

/** Where somebody asked for another day: the day he comes from, and a point of the window. */
export interface DateAsked {
  day: number;
  x: number;
  y: number;
}

export interface DateJumpProps {
  asked: DateAsked;
  onChoose: (day: number) => void;
  onClose: () => void;
}

/** A calendar that leads to what was written on a day. */
export function DateJump({ asked, onChoose, onClose }: DateJumpProps) {
  const { t } = useTranslation('chat');
  const today = useNow(0);
  useReturnFocus();
  return (
    <Popover opened onDismiss={onClose} position="bottom" withinPortal trapFocus>
      <Popover.Target>
        <button
          type="button"
          tabIndex={-1}
          aria-hidden="true"
          className={styles.place}
          style={{ left: asked.x, top: asked.y }}
        />
      </Popover.Target>
      <Popover.Dropdown aria-label={t('log.to_date')} data-testid="date-jump">
        <MonthGrid
          day={asked.day}
          today={today}
          onChoose={(day) => {
            onClose();
            onChoose(day);
          }}
        />
      </Popover.Dropdown>
    </Popover>
  );
}
