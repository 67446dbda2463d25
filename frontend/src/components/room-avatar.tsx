import { useState } from 'react';
import { Avatar, GroupAvatar, type Face } from './avatar';
import styles from './avatar.module.css';

export interface RoomAvatarProps {
  kind: string;
  faces: readonly Face[];
  memberCount: number;
  /** picture_uuid of the room's own picture; empty: none. */
  picture?: string;
  size?: 'large' | 'huge';
  presence?: string | undefined;
}

/** A room's picture: its own, a person, or up to four members. */
export function RoomAvatar({ kind, faces, memberCount, presence, picture = '', size = 'large' }: RoomAvatarProps) {
  const [failed, setFailed] = useState('');
  const [first] = faces;
  if (picture !== '' && picture !== failed) {
    // The app's own address: the core gives it out of the encrypted store. Without it the members stand there.
    return (
      <img
        className={styles.picture}
        data-size={size}
        src={`/picture/${picture}`}
        alt=""
        draggable={false}
        onError={() => setFailed(picture)}
      />
    );
  }
  if (kind === 'group' && faces.length > 1) return <GroupAvatar faces={faces} count={memberCount - 1} size={size} />;
  return <Avatar face={first ?? { id: '', name: '' }} presence={presence} size={size} />;
}
