import { render, screen } from '@testing-library/react';
import { useState } from 'react';
import { I18nextProvider } from 'react-i18next';
import { describe, expect, test, vi } from 'vitest';
import { createI18n } from '@/i18n/i18n';
import { replay, type Recording } from './ime-replay';
import { SearchField } from './search-field';

const recordings = import.meta.glob<Recording>('./testdata/ime/*-enter-composing-react*.json', {
  eager: true,
  import: 'default',
});

function Field({ onEnter }: { onEnter: (value: string) => void }) {
  const [value, setValue] = useState('');
  return (
    <I18nextProvider i18n={createI18n('ko')}>
      <SearchField
        value={value}
        onChange={setValue}
        label="search"
        placeholder="search"
        onEnter={() => onEnter(value)}
      />
    </I18nextProvider>
  );
}

// The quick switcher and the searches are this field: one Enter, one answer, to the whole word.
describe('Enter behind Hangul that is being composed', () => {
  test.each(Object.entries(recordings))('%s', (_, recording) => {
    const onEnter = vi.fn<(value: string) => void>();
    render(<Field onEnter={onEnter} />);
    const field = screen.getByRole<HTMLInputElement>('searchbox');
    replay(field, recording);
    expect(onEnter).toHaveBeenCalledExactlyOnceWith('안녕');
    expect(field.value).toBe('안녕');
  });
});
