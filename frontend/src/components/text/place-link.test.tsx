import { fireEvent, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { renderPage } from '@/test-page';
import { PlaceLink } from './message-link';

const nobody = '00000000-0000-4000-8000-000000000000';

test('a link to a person or a notice leads there inside of the app', async () => {
  let person = '';
  const { session } = await renderPage((page) => {
    person = [...page.mirror.getState().people.keys()][0] ?? '';
    return (
      <>
        <PlaceLink link={{ kind: 'person', text: 'card', uuid: person }} />
        <PlaceLink link={{ kind: 'person', text: 'stranger', uuid: nobody }} />
        <PlaceLink link={{ kind: 'notice', text: 'notice', uuid: nobody }} />
      </>
    );
  });
  const leads = (text: string) => {
    // false: the page itself goes nowhere
    expect(fireEvent.click(screen.getByText(text))).toBe(false);
    return session.mirror.getState().open;
  };
  expect(leads('card')).toMatchObject({ user_uuid: person });
  expect(leads('stranger')).toMatchObject({ problem: 'unknown_person' });
  expect(leads('notice')).toMatchObject({ notice_uuid: nobody });
});
