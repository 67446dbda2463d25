import { Button, Radio } from '@mantine/core';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge, useMirror } from '@/bridge/session-context';
import type { FoundRoom } from '@/bridge/types';
import { FailureNotice } from '@/components/failure-notice';
import { personName } from '@/components/names';
import { LoadedView } from '@/features/admin/loaded-view';
import { usePages } from '@/features/admin/use-pages';
import styles from './subject.module.css';
import { useRoomWords } from './use-room-words';

export interface RoomsOfPeopleProps {
  /** Those who are or were in all of the rooms. */
  members: readonly string[];
  /** The room that is chosen. */
  id: string;
  error: string | false | undefined;
  onChange: (id: string) => void;
}

/** The rooms that people share, one of which is chosen. */
export function RoomsOfPeople({ members, id, error, onChange }: RoomsOfPeopleProps) {
  const { t } = useTranslation('admin');
  const bridge = useBridge();
  const call = useCallback(
    async (before: number) => {
      const { rooms, next } = await bridge.findRooms([...members], before);
      return { items: rooms, next };
    },
    [bridge, members],
  );
  const { state, more, reload } = usePages(call);
  return (
    <LoadedView state={state} onRetry={reload} rows={3} title={t('subject.rooms_failed')}>
      {({ items, next, failure }) =>
        items.length === 0 ? (
          <p className={styles.none} data-testid="subject-no-rooms">
            {t('subject.no_rooms')}
          </p>
        ) : (
          <Radio.Group label={t('subject.rooms')} value={id} error={error} onChange={onChange}>
            <div className={styles.rooms} data-testid="subject-rooms">
              {items.map((room) => (
                <RoomChoice key={room.room_uuid} room={room} />
              ))}
              {failure && <FailureNotice failure={failure} />}
              {next !== 0 && (
                <Button size="xs" variant="default" data-testid="subject-more" onClick={failure ? reload : more}>
                  {t(failure ? 'subject.again' : 'subject.more')}
                </Button>
              )}
            </div>
          </Radio.Group>
        )
      }
    </LoadedView>
  );
}

const kinds = ['direct', 'group', 'department', 'notice', 'self'] as const;

/** So many of its people stand below a room. */
const mostShown = 6;

function RoomChoice({ room }: { room: FoundRoom }) {
  const { t } = useTranslation('admin');
  const { t: tc } = useTranslation();
  const people = useMirror((mirror) => mirror.people);
  const words = useRoomWords();
  const kind = kinds.find((one) => one === room.kind) ?? 'group';
  const names = room.members.slice(0, mostShown).map((uuid) => personName(people, uuid, tc));
  const rest = room.members.length - names.length;
  // Of a room without a name the people are the name.
  const who =
    room.name === '' ? '' : ` · ${names.join(', ')}${rest > 0 ? ` ${t('subject.and_more', { count: rest })}` : ''}`;
  return (
    <Radio
      value={room.room_uuid}
      label={words(room)}
      description={`${t(`subject.kind.${kind}`)}${who}`}
      data-testid="subject-room"
    />
  );
}
