/** How long a room is muted. Pure. */

/** MutedForever of the core: until it is turned on again. */
export const mutedForever = 253_402_300_799_000;

/** The choices of the menus, in minutes; -1: until it is turned on again. */
export const muteChoices = [
  { minutes: 60, label: 'mute_1h' },
  { minutes: 480, label: 'mute_8h' },
  { minutes: -1, label: 'mute_on' },
] as const;
