/** The fake's answers about signed-in devices: mine, and as many as the company has for administrators. */
import type { Device, DeviceQuery, PersonDevice } from '@/bridge/types';
import type { Answer } from './account-calls';
import { people } from './company';
import type { FakeWorld } from './world';

const minute = 60_000;
const pageSize = 100;
const platforms = ['windows', 'windows', 'darwin', 'linux'];

function deviceAt(index: number, now: number): Device {
  return {
    session_uuid: `00000000-0000-4000-c000-${String(index + 1).padStart(12, '0')}`,
    name: `PC-${String(412 + index * 3).padStart(4, '0')}`,
    platform: platforms[index % platforms.length] ?? '',
    app_version: index % 5 === 4 ? '0.1.9' : '0.2.0',
    address: `10.20.${index % 8}.${20 + (index % 200)}`,
    signed_in_at: now - (index + 1) * 47 * minute,
    last_seen_at: now - (index % 9) * 4 * minute,
    current: index === 0,
  };
}

/** Two devices each; the first is the one in use. */
function everybodys(world: FakeWorld): PersonDevice[] {
  const count = world.options.empty ? 0 : 260;
  return Array.from({ length: count }, (_, index) => {
    const person = people[Math.floor(index / 2) % people.length];
    return {
      ...deviceAt(index, world.now()),
      user_uuid: person?.user_uuid ?? '',
      person_name: person?.name ?? '',
      username: person?.username ?? '',
      department: person?.department ?? '',
    };
  });
}

/** The devices; what is signed out is gone for as long as the world stands. */
export function deviceCalls(world: FakeWorld, answer: Answer) {
  let mine = [0, 1, 2].map((index) => deviceAt(index, world.now()));
  let all = everybodys(world);
  return {
    myDevices: () => answer(mine),
    signOutDevice: async (session: string) => {
      await answer(undefined);
      mine = mine.filter((device) => device.session_uuid !== session);
    },
    signOutOthers: async () => {
      await answer(undefined);
      const ended = mine.length - 1;
      mine = mine.filter((device) => device.current);
      return ended;
    },
    peopleDevices: ({ text, platform, before }: DeviceQuery) => {
      const found = all.filter(
        (device) =>
          (platform === '' || device.platform === platform) &&
          [device.person_name, device.username, device.name, device.address].some((value) => value.includes(text)),
      );
      const devices = found.slice(before, before + pageSize);
      return answer({ devices, next: before + pageSize < found.length ? before + pageSize : 0 });
    },
    removeDevices: async (user: string, session: string) => {
      await answer(undefined);
      const kept = all.filter(
        (device) => device.user_uuid !== user || (session !== '' && device.session_uuid !== session),
      );
      const ended = all.length - kept.length;
      all = kept;
      return ended;
    },
  };
}
