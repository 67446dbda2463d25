/** What may be sent. Pure. */

/** wire.MaxTextRunes: code points of one message, after NFC. */
export const maxLetters = 10_000;

/** How many letters the server will count. Short texts are not normalised: they are far from the limit either way. */
export function letters(text: string): number {
  if (text.length < maxLetters / 4) return text.length;
  return [...text.normalize('NFC')].length;
}

/** What of the field is sent: without the empty end, or undefined when nothing is left or it is too long. Files need no text. */
export function textToSend(value: string, withFiles = false): string | undefined {
  const text = value.replaceAll('\r\n', '\n').replace(/^\n+/, '').trimEnd();
  if (text.trim() === '' && withFiles) return '';
  return text.trim() === '' || letters(text) > maxLetters ? undefined : text;
}
