import { fireEvent, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { useState } from 'react';
import { expect, test } from 'vitest';
import { renderPage } from '@/test-page';
import { AdminScreen } from './admin-screen';
import { sectionsFor } from './sections';

function Screen() {
  const [section, setSection] = useState<string>();
  return (
    <AdminScreen
      section={section}
      subject={undefined}
      onSection={setSection}
      onPerson={() => undefined}
      onRoom={() => undefined}
    />
  );
}

test('the first section stands there at once, and the arrow keys go through the others', async () => {
  await renderPage(() => <Screen />);
  const buttons = [...document.querySelectorAll<HTMLElement>('[data-testid^=admin-section-]')];
  expect(buttons).toHaveLength(sectionsFor('admin').length);
  expect(buttons[0]?.getAttribute('aria-current')).toBe('page');
  buttons[0]?.focus();
  await userEvent.keyboard('{End}');
  expect(document.activeElement).toBe(buttons.at(-1));
  await userEvent.keyboard('{Home}');
  expect(document.activeElement).toBe(buttons[0]);
});

test('what waits is on the section, and its list under it', async () => {
  await renderPage(() => <Screen />);
  await Promise.all(sectionsFor('admin').map(({ component }) => component.ahead()));
  await userEvent.click(screen.getByTestId('admin-section-approvals'));
  expect(await screen.findAllByTestId('pending-row', undefined, { timeout: 3_000 })).toHaveLength(3);
  expect(screen.getByTestId('admin-section-approvals').textContent).toContain('5');
});

test('a section whose code is there stands at once', async () => {
  await renderPage(() => <Screen />);
  const other = sectionsFor('admin').filter(({ id }) => id !== 'dashboard');
  await Promise.all(other.map(({ component }) => component.ahead()));
  for (const { id } of other) {
    fireEvent.click(screen.getByTestId(`admin-section-${id}`));
    expect(screen.queryByTestId('section-coming'), id).toBeNull();
  }
});

test('who has no role in it sees no section', () => {
  expect(sectionsFor('user')).toEqual([]);
});
