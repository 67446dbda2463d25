import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { person } from '@/bridge/fake/company';
import { renderPage } from '@/test-page';
import { ProfileCard } from './profile-card';

test.each([
  ['a colleague', {}, true],
  ['who left', { state: 'deleted' }, false],
  ['a bot', { bot: true }, false],
])('the card of %s offers to write only where somebody reads', async (_, change, offered) => {
  const profile = { ...person(1), ...change };
  await renderPage(() => (
    <ProfileCard profile={profile} presence="off" isMe={false} onMessage={() => Promise.resolve()} />
  ));
  expect(screen.getByTestId('profile-card').textContent).toContain(profile.name);
  expect(screen.queryByTestId('person-message') !== null).toBe(offered);
});
