import { Avatar, GroupAvatar, type Face } from './avatar';

export interface RoomAvatarProps {
  kind: string;
  faces: readonly Face[];
  memberCount: number;
  presence?: string | undefined;
}

/** A room's picture: a person, or up to four members. */
export function RoomAvatar({ kind, faces, memberCount, presence }: RoomAvatarProps) {
  const [first] = faces;
  if (kind === 'group' && faces.length > 1) return <GroupAvatar faces={faces} count={memberCount - 1} />;
  return <Avatar face={first ?? { id: '', name: '' }} presence={presence} />;
}
