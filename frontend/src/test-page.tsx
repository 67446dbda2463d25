/** Renders a component of a signed-in page over a fake core. For component tests. */
import { MantineProvider } from '@mantine/core';
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import { I18nextProvider } from 'react-i18next';
import type { Bridge } from '@/bridge/bridge';
import { fakeBridge } from '@/bridge/fake/fake-bridge';
import { readOptions } from '@/bridge/fake/options';
import { createSession, type Session } from '@/bridge/session';
import { SessionProvider } from '@/bridge/session-context';
import { createI18n } from '@/i18n/i18n';

export interface TestPage {
  session: Session;
  bridge: Bridge;
  unmount: () => void;
}

/** Renders what `view` makes of the session. `calls` stand in for the fake's own; `query` is what the fake is asked for. */
export async function renderPage(
  view: (session: Session) => ReactNode,
  calls: Partial<Bridge> = {},
  query = '',
): Promise<TestPage> {
  const bridge = { ...fakeBridge(readOptions(`quiet&${query}`), () => Date.now()), ...calls };
  const session = createSession(bridge, () => Date.now());
  await session.start();
  const { unmount } = render(
    <I18nextProvider i18n={createI18n('ko')}>
      <MantineProvider env="test">
        <SessionProvider session={session}>{view(session)}</SessionProvider>
      </MantineProvider>
    </I18nextProvider>,
  );
  return { session, bridge, unmount };
}

/** Opens a date field and chooses a day in its calendar; `month` counts from 0. */
export async function chooseDay(testId: string, year: number, month: number, date: number) {
  fireEvent.click(screen.getByTestId(testId));
  await screen.findAllByTestId('calendar-day');
  const now = new Date();
  const away = (year - now.getFullYear()) * 12 + month - now.getMonth();
  const arrow = away < 0 ? '이전 달' : '다음 달';
  for (let i = 0; i < Math.abs(away); i++) fireEvent.click(screen.getByLabelText(arrow));
  const day = screen.getAllByTestId('calendar-day').find((one) => one.dataset.day === String(date));
  if (!day) throw new Error(`no day ${date}`);
  fireEvent.click(day);
}

/** Chooses the first thing that the open list of a Select offers, and returns its value. */
export async function chooseFirst(): Promise<string> {
  const option = await waitFor(() => {
    const first = document.querySelector<HTMLElement>('[data-combobox-option]');
    if (!first) throw new Error('nothing is offered');
    return first;
  });
  fireEvent.click(option);
  return option.getAttribute('value') ?? '';
}
