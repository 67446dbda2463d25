import { Button, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { addDays, addMonths, dayOf } from '@/components/calendar';
import { MonthGrid } from '@/components/month-grid';
import { useNow } from '@/components/use-now';
import { shortDay } from '@/i18n/time';
import styles from './period-choice.module.css';

export interface PeriodChoiceProps {
  /** Days, both included; 0 for open. */
  from: number;
  to: number;
  onChoose: (from: number, to: number) => void;
}

type End = 'from' | 'to';

/** From when to when: one of the usual spans, or two days from a calendar. */
export function PeriodChoice({ from, to, onChoose }: PeriodChoiceProps) {
  const { t, i18n } = useTranslation('search');
  const [chosen, setChosen] = useState({ from, to });
  const [end, setEnd] = useState<End>('from');
  const today = dayOf(useNow(0));
  const spans = [
    { name: 'today', first: today },
    { name: 'week', first: addDays(today, -6) },
    { name: 'month', first: addMonths(today, -1) },
    { name: 'year', first: addMonths(today, -12) },
  ] as const;
  const label = (which: End) =>
    chosen[which] > 0 ? `${t(`filter.${which}`)} ${shortDay(i18n.language, chosen[which])}` : t(`filter.${which}`);

  function choose(day: number) {
    const next = { ...chosen, [end]: day };
    // Days that were chosen the wrong way round are turned.
    const turned = next.from > 0 && next.to > 0 && next.from > next.to;
    setChosen(turned ? { from: next.to, to: next.from } : next);
    if (end === 'from') setEnd('to');
  }

  return (
    <div className={styles.period}>
      <div className={styles.spans}>
        {spans.map(({ name, first }) => (
          <Button key={name} size="compact-xs" variant="default" onClick={() => onChoose(first, today)}>
            {t(`filter.${name}`)}
          </Button>
        ))}
      </div>
      <SegmentedControl
        fullWidth
        size="xs"
        aria-label={t('filter.period')}
        value={end}
        onChange={(next) => setEnd(next === 'to' ? 'to' : 'from')}
        data={[
          { value: 'from', label: label('from') },
          { value: 'to', label: label('to') },
        ]}
      />
      <MonthGrid key={end} day={chosen[end] || today} today={today} latest={today} onChoose={choose} />
      <Button
        fullWidth
        data-testid="search-period-ok"
        disabled={chosen.from === 0 && chosen.to === 0}
        onClick={() => onChoose(chosen.from, chosen.to)}
      >
        {t('filter.apply')}
      </Button>
    </div>
  );
}
