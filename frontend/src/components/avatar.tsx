import { useState } from 'react';
import styles from './avatar.module.css';

/** Someone to draw: the id gives a colour that never changes, the name an initial. */
export interface Face {
  id: string;
  name: string;
  /** picture_uuid of a photo; without one the initial stands there. */
  picture?: string;
  /** No person but a bot: an emoji stands there, on a square that looks like nobody's. */
  bot?: boolean;
  icon?: string;
}

/** What stands for a bot that has no emoji of its own. */
const usualBot = '🤖';

const colours = 10;

/** The place in the palette of an id. Stable over restarts and devices. */
export function colourOf(id: string): number {
  let hash = 0;
  for (const char of id) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) >>> 0;
  return hash % colours;
}

function initialOf(name: string): string {
  const [first = '?'] = name.trim();
  return first.toUpperCase();
}

export interface AvatarProps {
  face: Face;
  size?: 'tiny' | 'small' | 'middle' | 'large' | 'huge';
  /** active, away, dnd or off; without it there is no dot. */
  presence?: string | undefined;
}

/** A person's rounded square with a photo or an initial. It says nothing to screen readers: the name stands beside it. */
export function Avatar({ face, size = 'large', presence }: AvatarProps) {
  return (
    <span
      className={styles.avatar}
      data-size={size}
      data-colour={face.bot ? 'bot' : colourOf(face.id)}
      aria-hidden="true"
    >
      <Likeness face={face} />
      {presence && presence !== 'off' && <span className={styles.dot} data-presence={presence} />}
    </span>
  );
}

/** The photo, or the initial while there is none. */
function Likeness({ face }: { face: Face }) {
  const [failed, setFailed] = useState('');
  const picture = face.picture ?? '';
  if (face.bot) return <span className={styles.emoji}>{face.icon || usualBot}</span>;
  if (picture === '' || picture === failed) return initialOf(face.name);
  // The app's own address, as in RoomAvatar.
  return (
    <img
      className={styles.photo}
      src={`/picture/${picture}`}
      alt=""
      draggable={false}
      onError={() => setFailed(picture)}
    />
  );
}

export interface GroupAvatarProps {
  faces: readonly Face[];
  /** How many members there are in all; more than four show as a number. */
  count: number;
  size?: 'large' | 'huge';
}

/** Up to four members in a square. */
export function GroupAvatar({ faces, count, size = 'large' }: GroupAvatarProps) {
  const shown = faces.slice(0, count > 4 ? 3 : 4);
  const rest = count - shown.length;
  if (shown.length < 2) return <Avatar face={shown[0] ?? { id: '', name: '' }} size={size} />;
  return (
    <span className={styles.group} data-size={size} data-count={shown.length + (rest > 0 ? 1 : 0)} aria-hidden="true">
      {shown.map((face) => (
        <span key={face.id} className={styles.cell} data-colour={colourOf(face.id)}>
          <Likeness face={face} />
        </span>
      ))}
      {rest > 0 && (
        <span className={styles.cell} data-colour="rest">
          {rest > 99 ? '99+' : `+${rest}`}
        </span>
      )}
    </span>
  );
}
