import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Row, type SettingsProps } from './section';

const most = 20;
const longest = 40;

/** The words between the commas: each once, none empty. */
function wordsOf(text: string): string[] {
  const words = text.split(/[,\n]/).map((word) => word.trim().normalize('NFC'));
  const seen = new Set<string>();
  return words.filter((word) => {
    const key = word.toLowerCase();
    return word !== '' && [...word].length <= longest && !seen.has(key) && seen.add(key);
  });
}

/** Words that notify like a mention. They are kept when the field is left: nothing changes it while one types. */
export function KeywordRow({ settings, onChange }: SettingsProps) {
  const { t } = useTranslation('settings');
  const [text, setText] = useState(settings.keywords.join(', '));
  const keep = () => {
    const keywords = wordsOf(text).slice(0, most);
    setText(keywords.join(', '));
    if (keywords.join('\n') !== settings.keywords.join('\n')) onChange({ keywords });
  };
  return (
    <Row label={t('keywords')} hint={t('keywords_hint')}>
      <TextInput
        aria-label={t('keywords')}
        placeholder={t('keywords_example')}
        value={text}
        data-testid="settings-keywords"
        onChange={(event) => setText(event.currentTarget.value)}
        onBlur={keep}
      />
    </Row>
  );
}
