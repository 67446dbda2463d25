import { act, render, screen } from '@testing-library/react';
import { useState } from 'react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { replay, type Recording } from './ime-replay';
import type { SendKey } from './keys';
import { useImeField } from './use-ime-field';

const files = import.meta.glob<Recording>('./testdata/ime/*.json', { eager: true, import: 'default' });

function recording(name: string): Recording {
  const found = files[`./testdata/ime/${name}.json`];
  if (!found) throw new Error(`no recording ${name}`);
  return found;
}

function Field({ sendKey, onSend }: { sendKey: SendKey; onSend: (text: string) => void }) {
  const [value, setValue] = useState('');
  const { ref, handlers, sendNow } = useImeField({
    sendKey,
    onSend: (text) => {
      onSend(text);
      setValue('');
    },
  });
  return (
    <>
      <textarea ref={ref} value={value} onChange={(event) => setValue(event.currentTarget.value)} {...handlers} />
      <button type="button" onClick={sendNow}>
        send
      </button>
    </>
  );
}

function setUp(sendKey: SendKey) {
  const sent: string[] = [];
  render(<Field sendKey={sendKey} onSend={(text) => sent.push(text)} />);
  return { sent, field: screen.getByRole<HTMLTextAreaElement>('textbox') };
}

describe.each(['webkitgtk', 'chromium'])('%s', (engine) => {
  test.each([
    ['enter-composing-react', 'enter', ['안녕'], ''],
    ['enter-composing-react-wordcommit', 'enter', ['안녕'], ''],
    ['enter-composing-react-noforward', 'enter', ['안녕'], ''],
    ['enter-after-space-react', 'enter', ['안녕 '], ''],
    ['ctrl-enter-composing-react', 'enter', ['안녕'], ''],
    ['ctrl-enter-composing-react', 'ctrl_enter', ['안녕'], ''],
    ['enter-composing-react', 'ctrl_enter', [], '안녕\n'],
    ['shift-enter-composing-react', 'enter', [], '안녕\n'],
    ['shift-enter-composing-react', 'ctrl_enter', [], '안녕\n'],
    ['backspace-composing-react', 'enter', [], ''],
  ] as const)('%s with %s sends %j and leaves %j', (name, sendKey, wanted, left) => {
    const { sent, field } = setUp(sendKey);
    replay(field, recording(`${engine}-${name}`));
    expect(sent).toEqual(wanted);
    expect(field.value).toBe(left);
  });

  test('the value follows each keystroke and is never rewritten while composing', () => {
    const { field } = setUp('enter');
    const { events, ...rest } = recording(`${engine}-backspace-composing-react`);
    const after = events.map((event) => {
      replay(field, { ...rest, events: [event] });
      return field.value;
    });
    const typed = events.flatMap(({ type, value }, i) => (type === 'input' ? [{ wanted: value, got: after[i] }] : []));
    expect(typed.length).toBeGreaterThan(5);
    expect(typed.filter(({ wanted, got }) => wanted !== got)).toEqual([]);
  });
});

test('a held Enter sends once and breaks no line', () => {
  const { sent, field } = setUp('enter');
  const enter = { type: 'keydown', key: 'Enter', code: 'Enter', keyCode: 13 };
  const typed = { type: 'input', inputType: 'insertText', data: 'hi', value: 'hi' };
  replay(field, { engine: '', case: '', events: [typed, enter] });
  const held = replay(field, { engine: '', case: '', events: [{ ...enter, repeat: true }] });
  expect(sent).toEqual(['hi']);
  expect(held).toHaveLength(1);
});

describe('the send button', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('sends at once when nothing is composed', () => {
    const { sent, field } = setUp('enter');
    const typed = { type: 'input', inputType: 'insertText', data: 'hi', value: 'hi' };
    replay(field, { engine: '', case: '', events: [typed] });
    act(() => screen.getByRole('button').click());
    expect(sent).toEqual(['hi']);
  });

  test('ends the composition first, and sends once however often it is pressed', () => {
    const { sent, field } = setUp('enter');
    const { events, ...rest } = recording('chromium-blur-composing-js-react');
    const blur = events.findIndex((event) => event.type === 'compositionend' && event.data === '녕');
    replay(field, { ...rest, events: events.slice(0, blur) });
    act(() => screen.getByRole('button').click());
    act(() => screen.getByRole('button').click());
    expect(sent).toEqual([]);
    expect(field.value).toBe('안녕');
    replay(field, { ...rest, events: events.slice(blur) });
    act(() => {
      vi.advanceTimersByTime(100);
    });
    expect(sent).toEqual(['안녕']);
    expect(field.value).toBe('');
    expect(document.activeElement).toBe(field);
  });
});
