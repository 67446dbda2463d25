import { IconPaperclip } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useMirror, usePersonPresence } from '@/bridge/session-context';
import type { File, Profile, Room, SearchHit } from '@/bridge/types';
import { Avatar } from '@/components/avatar';
import { unturned } from '@/components/isolated';
import { shownName } from '@/components/file-names';
import { faceOf, namedFace, personName, personPlace, roomFaces, roomTitle } from '@/components/names';
import { RoomAvatar } from '@/components/room-avatar';
import { useNow } from '@/components/use-now';
import { listTime } from '@/i18n/time';
import { markedParts } from './marked-parts';
import styles from './result-line.module.css';
import type { ResultRow } from './result-rows';

const minute = 60_000;
/** So many files of a message are named. */
const mostFiles = 3;

export interface ResultLineProps {
  row: Exclude<ResultRow, { kind: 'head' | 'local' | 'state' }>;
  chosen: boolean;
  /** What is looked for. */
  asked: string;
}

/** A line that can be chosen: a person, a room, a message, or the rest of a group. */
export function ResultLine({ row, chosen, asked }: ResultLineProps) {
  const { t } = useTranslation('search');
  return (
    <div className={styles.line} data-kind={row.kind} data-chosen={chosen}>
      {row.kind === 'person' && <PersonLine person={row.person} />}
      {row.kind === 'room' && <RoomLine room={row.room} />}
      {row.kind === 'message' && <MessageLine hit={row.hit} asked={asked} />}
      {row.kind === 'all' && <span className={styles.all}>{t('show_rest', { count: row.count })}</span>}
    </div>
  );
}

function PersonLine({ person }: { person: Profile }) {
  const presence = usePersonPresence(person.user_uuid);
  return (
    <>
      <Avatar face={faceOf(person)} size="middle" presence={presence} />
      <span className={styles.text}>
        <span className={styles.name}>{person.name}</span>
        <span className={styles.place}>{personPlace(person)}</span>
      </span>
    </>
  );
}

function RoomLine({ room }: { room: Room }) {
  const { t } = useTranslation();
  const people = useMirror((mirror) => mirror.people);
  const me = useMirror((mirror) => mirror.state.me?.user_uuid ?? '');
  return (
    <>
      <span className={styles.small}>
        <RoomAvatar kind={room.kind} faces={roomFaces(room, people, me, t)} memberCount={room.member_count} />
      </span>
      <span className={styles.text}>
        <span className={styles.name}>{roomTitle(room, people, me, t)}</span>
        {room.kind === 'group' && (
          <span className={styles.place}>{t('person_count', { count: room.member_count })}</span>
        )}
      </span>
    </>
  );
}

/** A snippet without the marks of bold letters: a hit may stand in the midst of them. */
function withoutMarks(snippet: SearchHit['snippet']): SearchHit['snippet'] {
  if (!/\*\*(?=\S)[^*\n]+\*\*/.test(snippet.map(({ text }) => text).join(''))) return snippet;
  return snippet.map((piece) => ({ ...piece, text: piece.text.replaceAll('**', '') }));
}

function MessageLine({ hit: { message, snippet }, asked }: { hit: SearchHit; asked: string }) {
  const { t, i18n } = useTranslation();
  const people = useMirror((mirror) => mirror.people);
  const me = useMirror((mirror) => mirror.state.me?.user_uuid ?? '');
  const room = useMirror((mirror) => mirror.rooms.get(message.room_uuid));
  const now = useNow(minute);
  const sender = personName(people, message.sender_uuid, t);
  // In a room of two the room's name is that of the other one.
  const place = room && (room.kind !== 'direct' || message.mine) ? roomTitle(room, people, me, t) : '';
  return (
    <>
      <Avatar face={namedFace(people, message.sender_uuid, sender)} size="middle" />
      <span className={styles.text}>
        <span className={styles.who}>
          <span className={styles.name}>{sender}</span>
          <span className={styles.room}>{place}</span>
          <span className={styles.time}>{listTime(i18n.language, message.at, now, t('yesterday'))}</span>
        </span>
        <span className={styles.snippet}>
          {withoutMarks(snippet).map((piece, i) =>
            piece.hit ? (
              // The pieces of a snippet never change their order.
              // oxlint-disable-next-line react/no-array-index-key
              <mark key={i} className={styles.hit}>
                {unturned(piece.text)}
              </mark>
            ) : (
              unturned(piece.text)
            ),
          )}
        </span>
        {message.files.length > 0 && <Files files={message.files} asked={asked} />}
      </span>
    </>
  );
}

/** The files of a found message, each by its name; what was looked for is marked in it. */
function Files({ files, asked }: { files: readonly File[]; asked: string }) {
  return files.slice(0, mostFiles).map((file) => (
    <span key={file.file_id} className={styles.file}>
      <IconPaperclip className={styles.clip} aria-hidden="true" />
      <span className={styles.fileName}>
        {markedParts(shownName(file.name), asked).map((piece) =>
          piece.hit ? (
            <mark key={piece.at} className={styles.hit}>
              {piece.text}
            </mark>
          ) : (
            piece.text
          ),
        )}
      </span>
    </span>
  ));
}
