import { useEffect, useId, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asFailure } from '@/bridge/failure';
import { useBridge, useMirror } from '@/bridge/session-context';
import { Avatar } from '@/components/avatar';
import { CountBadge } from '@/components/count-badge';
import { Dialog } from '@/components/dialog';
import { useFailureText } from '@/components/failure-notice';
import { faceOf, personPlace, roomFaces, roomTitle } from '@/components/names';
import { RoomAvatar } from '@/components/room-avatar';
import { SearchField } from '@/components/search-field';
import { useToast } from '@/components/toast';
import { switchTargets, type SwitchTarget } from './switch-targets';
import styles from './switcher-dialog.module.css';

export interface SwitcherDialogProps {
  open: string | undefined;
  onClose: () => void;
  onRoom: (room: string) => void;
}

/** Goes to any room or person by a few letters (Ctrl+K): the focus stays in the field, arrows choose, Enter opens. */
export function SwitcherDialog({ open, onClose, onRoom }: SwitcherDialogProps) {
  const { t } = useTranslation('compose');
  const { t: tc } = useTranslation();
  const bridge = useBridge();
  const toast = useToast();
  const failureText = useFailureText();
  const rooms = useMirror((mirror) => mirror.rooms);
  const people = useMirror((mirror) => mirror.people);
  const me = useMirror((mirror) => mirror.state.me?.user_uuid ?? '');
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState(0);
  const id = useId();
  const targets = useMemo(
    () =>
      switchTargets({
        query,
        rooms: [...rooms.values()],
        people: [...people.values()],
        me,
        open,
        titleOf: (room) => roomTitle(room, people, me, tc),
      }),
    [query, rooms, people, me, open, tc],
  );
  const active = Math.min(chosen, Math.max(0, targets.length - 1));
  useEffect(() => {
    document.getElementById(`${id}-${active}`)?.scrollIntoView({ block: 'nearest' });
  }, [id, active]);

  function go(target: SwitchTarget | undefined) {
    if (!target) return;
    if (target.kind === 'room') {
      onRoom(target.room.room_uuid);
      onClose();
      return;
    }
    bridge
      .openPerson(target.person.user_uuid)
      .then((room) => {
        onRoom(room);
        onClose();
      })
      .catch((error: unknown) => toast(failureText(asFailure(error))));
  }

  return (
    <Dialog title={t('switcher.title')} width={520} onClose={onClose}>
      <div className={styles.switcher}>
        <SearchField
          value={query}
          onChange={(value) => {
            setQuery(value);
            setChosen(0);
          }}
          label={t('switcher.search')}
          placeholder={t('switcher.search')}
          focusFirst
          testId="switcher-search"
          combo={{ list: id, active: targets.length > 0 ? `${id}-${active}` : undefined }}
          onEnter={() => go(targets[active])}
          onArrow={(step) => setChosen((active + step + targets.length) % Math.max(1, targets.length))}
        />
        <div id={id} className={styles.list} role="listbox" aria-label={t('switcher.title')}>
          {targets.length === 0 && <p className={styles.none}>{t('switcher.none')}</p>}
          {targets.map((target, index) => (
            <div
              key={target.kind === 'room' ? target.room.room_uuid : target.person.user_uuid}
              id={`${id}-${index}`}
              className={styles.item}
              role="option"
              aria-selected={index === active}
              tabIndex={-1}
              data-testid="switcher-item"
              onMouseDown={(event) => event.preventDefault()}
              onMouseMove={() => setChosen(index)}
              onClick={() => go(target)}
              onKeyDown={undefined}
            >
              <Target target={target} />
            </div>
          ))}
        </div>
        <p className={styles.hint}>{t('switcher.hint')}</p>
      </div>
    </Dialog>
  );
}

function Target({ target }: { target: SwitchTarget }) {
  const { t } = useTranslation('chat');
  const { t: tc } = useTranslation();
  const people = useMirror((mirror) => mirror.people);
  const me = useMirror((mirror) => mirror.state.me?.user_uuid ?? '');
  if (target.kind === 'person') {
    const { person } = target;
    return (
      <>
        <Avatar face={faceOf(person)} />
        <span className={styles.name}>{person.name}</span>
        <span className={styles.place}>{personPlace(person)}</span>
      </>
    );
  }
  const { room } = target;
  return (
    <>
      <RoomAvatar kind={room.kind} faces={roomFaces(room, people, me, tc)} memberCount={room.member_count} />
      <span className={styles.name}>{roomTitle(room, people, me, tc)}</span>
      <span className={styles.place}>
        {room.kind === 'group' ? room.member_count : personPlace(people.get(room.other_uuid))}
      </span>
      <CountBadge count={room.unread_count} label={t('list.unread', { count: room.unread_count })} />
    </>
  );
}
