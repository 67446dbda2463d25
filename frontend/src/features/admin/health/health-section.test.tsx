import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { AdminProvider } from '@/features/admin/admin-context';
import { renderPage } from '@/test-page';
import { HealthSection } from './health-section';

const nothing = () => undefined;
const admin = { subject: undefined, role: 'admin', onSection: nothing, onPerson: nothing, onRoom: nothing };

test('each line says how it is, why, and what to do; so does a clock that differs from this one', async () => {
  await renderPage(
    () => (
      <AdminProvider admin={admin}>
        <HealthSection />
      </AdminProvider>
    ),
    {
      health: async () => ({
        at: Date.now() + 600_000,
        started_at: 0,
        version: '1',
        company_name: '회사',
        lines: [
          { name: 'disk', state: 'bad', cause: 'full', figures: { free: 1_000, total: 2_000 } },
          { name: 'clock', state: 'ok' },
          { name: 'something new', state: 'warn', cause: 'unheard' },
        ],
      }),
    },
  );
  const lines = await screen.findAllByTestId('health-line');
  expect(lines.map((line) => line.dataset['state'])).toEqual(['bad', 'warn', 'warn']);
  expect(lines[0]?.textContent).toMatch(/거의 찼습니다.*공간을 늘리거나/);
  expect(lines[1]?.textContent).toMatch(/600초/);
  expect(lines[2]?.textContent).toContain('something new');
});
