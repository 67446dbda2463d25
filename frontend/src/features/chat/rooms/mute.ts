/** How long a room is muted, and what notifies else. Pure. */
import type { Room } from '@/bridge/types';

/** MutedForever of the core: until it is turned on again. */
export const mutedForever = 253_402_300_799_000;

/** The choices of the menus, in minutes; -1: until it is turned on again. */
export const muteChoices = [
  { minutes: 60, label: 'mute_1h' },
  { minutes: 480, label: 'mute_8h' },
  { minutes: -1, label: 'mute_on' },
] as const;

/** Which messages notify while a room is not muted. */
export const notifyRules = ['all', 'mentions', 'none'] as const;

/** How a room's notifications are limited now, if they are. */
export function limitOf(room: Room, now: number): 'mentions' | 'none' | undefined {
  if (room.muted_until > now || room.notify === 'none') return 'none';
  return room.notify === 'mentions' ? 'mentions' : undefined;
}
