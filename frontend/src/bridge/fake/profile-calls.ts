/** The fake's answers about one's own profile. */
import type { ProfileRequest } from '@/bridge/types';
import type { Answer, Change } from './account-calls';
import type { FakeWorld } from './world';

/** Phone, status text, photo and birth date may be changed, as on a server at first. */
export function profileCalls(world: FakeWorld, answer: Answer, change: Change) {
  let birthDate = '1990-03-04';
  const become = (part: { picture?: string; phone?: string; status_text?: string }) => {
    const { me } = world.state;
    if (me) change({ me: { ...me, ...part } });
  };
  return {
    myProfile: () => answer({ birth_date: birthDate, editable: ['phone', 'status_text', 'photo', 'birth_date'] }),
    changeProfile: async ({ birth_date: born, phone, status_text: status }: ProfileRequest) => {
      await answer(undefined);
      birthDate = born ?? birthDate;
      become({
        ...(phone === undefined ? {} : { phone }),
        ...(status === undefined ? {} : { status_text: status }),
      });
    },
    chooseMyPicture: async () => {
      await answer(undefined);
      become({ picture: '00000000-0000-4000-a000-000000000001' });
      return true;
    },
    removeMyPicture: async () => {
      await answer(undefined);
      become({ picture: '' });
    },
  };
}
