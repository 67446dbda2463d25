import { Button } from '@mantine/core';
import { IconLockOpen } from '@tabler/icons-react';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge, useMirror } from '@/bridge/session-context';
import type { Hold } from '@/bridge/types';
import { PagedView } from '@/features/admin/paged-view';
import { useRoomWords } from '@/features/admin/subject/use-room-words';
import { usePages } from '@/features/admin/use-pages';
import { fullTime } from '@/i18n/time';
import { EndHoldDialog, PlaceHoldDialog } from './hold-dialogs';
import styles from './retention.module.css';

export interface HoldsCardProps {
  /** Owners and auditors end holds; administrators only place them. */
  mayEnd: boolean;
}

/** What nothing is deleted of, and why. */
export function HoldsCard({ mayEnd }: HoldsCardProps) {
  const { t } = useTranslation('retention');
  const bridge = useBridge();
  const call = useCallback(
    async (before: number) => {
      const { holds, next } = await bridge.holds(before);
      return { items: holds, next };
    },
    [bridge],
  );
  const pages = usePages(call);
  const [placing, setPlacing] = useState(false);
  const [ending, setEnding] = useState<Hold>();
  return (
    <section className={styles.card} data-testid="holds">
      <div className={styles.head}>
        <h3 className={styles.name}>{t('holds')}</h3>
        <Button size="xs" variant="default" data-testid="hold-place" onClick={() => setPlacing(true)}>
          {t('hold_place')}
        </Button>
      </div>
      <p className={styles.small}>{t('holds_text')}</p>
      <div className={styles.holds}>
        <PagedView
          pages={pages}
          failed={t('holds_failed')}
          restFailed={t('holds_rest_failed')}
          empty={{ icon: <IconLockOpen />, title: t('no_holds'), testId: 'holds-empty' }}
          label={t('holds')}
          testId="holds-list"
          keyOf={(hold) => hold.hold_uuid}
          rowHeight={64}
        >
          {(hold) => <HoldRow hold={hold} onEnd={mayEnd ? setEnding : undefined} />}
        </PagedView>
      </div>
      {placing && <PlaceHoldDialog onDone={pages.reload} onClose={() => setPlacing(false)} />}
      {ending && <EndHoldDialog hold={ending} onDone={pages.reload} onClose={() => setEnding(undefined)} />}
    </section>
  );
}

interface HoldRowProps {
  hold: Hold;
  onEnd: ((hold: Hold) => void) | undefined;
}

function HoldRow({ hold, onEnd }: HoldRowProps) {
  const { t, i18n } = useTranslation('retention');
  const by = useMirror((mirror) => mirror.people.get(hold.placed_by)?.name) ?? t('somebody');
  const words = useRoomWords();
  const ended = hold.ended_at !== 0;
  const when = fullTime(i18n.language, ended ? hold.ended_at : hold.placed_at);
  return (
    <div className={styles.row} data-testid="hold-row" data-ended={ended}>
      <span className={styles.words}>
        <strong>{words({ name: hold.subject_name, members: hold.people })}</strong>
        <span className={styles.small}>{ended ? `${hold.reason} → ${hold.end_reason}` : hold.reason}</span>
      </span>
      <span className={styles.small}>
        {ended ? t('hold_ended', { when }) : t('hold_since', { when, by, count: hold.rooms })}
      </span>
      {!ended && onEnd && (
        <Button size="xs" variant="default" data-testid="hold-end" onClick={() => onEnd(hold)}>
          {t('hold_end')}
        </Button>
      )}
    </div>
  );
}
