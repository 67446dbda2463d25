import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useBridge } from '@/bridge/session-context';
import { unturned } from '@/components/isolated';
import { useToast } from '@/components/toast';
import { useTexts } from '@/i18n/use-texts';
import styles from './code-block.module.css';

/** How long the button says that it has copied, in milliseconds. */
const saidFor = 1_600;

export interface CodeBlockProps {
  code: string;
  /** As it was named behind the fence; often not at all. */
  language: string;
}

/** Code as it was written: no line is broken, what is wider scrolls. */
export function CodeBlock({ code, language }: CodeBlockProps) {
  const { t } = useTexts('message');
  const bridge = useBridge();
  const toast = useToast();
  const [copied, setCopied] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  async function copy() {
    try {
      await bridge.copyText(code);
      setCopied(true);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => setCopied(false), saidFor);
    } catch {
      toast(t('copy_failed'));
    }
  }
  const Icon = copied ? IconCheck : IconCopy;
  return (
    <span className={styles.block} data-testid="code-block">
      <span className={styles.head}>
        <span className={styles.language}>{language || t('code.title')}</span>
        <button
          type="button"
          className={styles.copy}
          data-copied={copied}
          data-testid="code-copy"
          onClick={() => void copy()}
        >
          <Icon className={styles.icon} aria-hidden="true" />
          <span role="status">{copied ? t('copied') : t('code.copy')}</span>
        </button>
      </span>
      <code
        className={styles.code}
        // What scrolls must be reached by the keyboard.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        role="group"
        aria-label={t('code.title')}
      >
        {unturned(code)}
      </code>
    </span>
  );
}
