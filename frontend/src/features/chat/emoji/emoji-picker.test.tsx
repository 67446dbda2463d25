import { fireEvent, screen, waitFor } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Bridge } from '@/bridge/bridge';
import { renderPage } from '@/test-page';
// Loaded with the test: the picker's own import of it is answered at once.
import './emoji-data.json';
import { EmojiPicker } from './emoji-picker';

// jsdom lays nothing out: the list and its rows need a height.
beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(36);
  vi.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(260);
});

async function setUp() {
  const onPick = vi.fn<(emoji: string) => void>();
  const saveSettings = vi.fn<Bridge['saveSettings']>(() => Promise.resolve());
  await renderPage(() => <EmojiPicker onPick={onPick} />, { saveSettings });
  await waitFor(() => expect(screen.getAllByRole('option').length).toBeGreaterThan(8));
  return { onPick, saveSettings, field: screen.getByTestId('emoji-search') };
}

describe('the emoji picker', () => {
  test('a pressed emoji is taken and remembered', async () => {
    const { onPick, saveSettings } = await setUp();
    await userEvent.click(screen.getByRole('option', { name: '활짝 웃는 얼굴' }));
    expect(onPick).toHaveBeenCalledExactlyOnceWith('😀');
    expect(saveSettings).toHaveBeenLastCalledWith(expect.objectContaining({ recent_emoji: ['😀'] }));
  });

  test('a word and Enter take the first that it finds', async () => {
    const { onPick, field } = await setUp();
    await userEvent.type(field, '유니콘');
    fireEvent.keyDown(field, { key: 'Enter', keyCode: 13 });
    expect(onPick).toHaveBeenCalledExactlyOnceWith('🦄');
  });

  test('the Enter that ends a syllable takes nothing', async () => {
    const { onPick, field } = await setUp();
    fireEvent.keyDown(field, { key: 'Process', keyCode: 229 });
    expect(onPick).not.toHaveBeenCalled();
  });

  test('arrows move through the list, and the field says where', async () => {
    const { onPick, field } = await setUp();
    fireEvent.keyDown(field, { key: 'ArrowDown' });
    fireEvent.keyDown(field, { key: 'ArrowRight' });
    const active = document.getElementById(field.getAttribute('aria-activedescendant') ?? '');
    expect(active?.getAttribute('aria-selected')).toBe('true');
    fireEvent.keyDown(field, { key: 'Enter', keyCode: 13 });
    expect(onPick).toHaveBeenCalledExactlyOnceWith('😃');
  });
});
