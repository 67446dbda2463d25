import { Menu } from '@mantine/core';
import { useState } from 'react';
import { useMirror } from '@/bridge/session-context';
import { useReturnFocus } from '@/components/use-return-focus';
import { MenuPlace, type Spot } from '@/features/chat/message/menu-place';
import { LeaveDialog } from './leave-dialog';
import { RoomMenuItems } from './room-menu-items';

/** A room of the list and where its menu was asked for. */
export interface RoomSpot extends Spot {
  room: string;
}

export interface RoomContextMenuProps {
  spot: RoomSpot;
  onClose: () => void;
}

/** The menu of a row of the room list: right click, the menu key or Shift+F10. */
export function RoomContextMenu({ spot, onClose }: RoomContextMenuProps) {
  const room = useMirror((mirror) => mirror.rooms.get(spot.room));
  const [leaving, setLeaving] = useState(false);
  useReturnFocus();
  if (!room) return null;
  if (leaving) return <LeaveDialog room={room} onClose={onClose} />;
  return (
    <Menu opened onClose={onClose} position="bottom-start" withinPortal closeOnItemClick={false}>
      <Menu.Target>
        <MenuPlace spot={spot} />
      </Menu.Target>
      {/* A press does what it says; then the menu goes, but for the one that asks first. */}
      <Menu.Dropdown
        onClickCapture={(event) => {
          const item = event.target instanceof Element ? event.target.closest('[data-testid]') : null;
          if (item?.getAttribute('data-testid') !== 'room-leave') setTimeout(onClose);
        }}
      >
        <RoomMenuItems room={room} onLeave={() => setLeaving(true)} />
      </Menu.Dropdown>
    </Menu>
  );
}
