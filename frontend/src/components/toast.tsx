import { createContext, use, useCallback, useEffect, useRef, useState, type ReactNode } from 'react';
import styles from './toast.module.css';

const ToastContext = createContext<(text: string) => void>(() => undefined);
const shownFor = 2_600;

export interface ToastProviderProps {
  children: ReactNode;
}

/** Shows short confirmations at the bottom, one at a time. Nothing that the user must read: that is a Notice. */
export function ToastProvider({ children }: ToastProviderProps) {
  const [text, setText] = useState('');
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const show = useCallback((next: string) => {
    clearTimeout(timer.current);
    setText(next);
    timer.current = setTimeout(() => setText(''), shownFor);
  }, []);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <ToastContext value={show}>
      {children}
      <div className={styles.place} role="status" data-testid="toast">
        {text !== '' && <span className={styles.toast}>{text}</span>}
      </div>
    </ToastContext>
  );
}

/** Returns the function that shows a confirmation. */
export function useToast(): (text: string) => void {
  return use(ToastContext);
}
