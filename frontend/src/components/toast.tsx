import { createContext, use, useCallback, useEffect, useRef, useState, type ReactNode } from 'react';
import styles from './toast.module.css';

/** What can be done about what a toast says. */
export interface ToastAction {
  label: string;
  onPress: () => void;
}

type ShowToast = (text: string, action?: ToastAction) => void;

const ToastContext = createContext<ShowToast>(() => undefined);
const shownFor = 2_600;
/** One must find its button first. */
const shownWithAction = 6_000;

export interface ToastProviderProps {
  children: ReactNode;
}

/** Shows short confirmations at the bottom, one at a time. Nothing that the user must read: that is a Notice. */
export function ToastProvider({ children }: ToastProviderProps) {
  const [toast, setToast] = useState<{ text: string; action: ToastAction | undefined }>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const show = useCallback<ShowToast>((text, action) => {
    clearTimeout(timer.current);
    setToast({ text, action });
    timer.current = setTimeout(() => setToast(undefined), action ? shownWithAction : shownFor);
  }, []);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <ToastContext value={show}>
      {children}
      <div className={styles.place} role="status" data-testid="toast">
        {toast && (
          <span className={styles.toast}>
            {toast.text}
            {toast.action && (
              <button
                type="button"
                className={styles.action}
                data-testid="toast-action"
                onClick={() => {
                  setToast(undefined);
                  toast.action?.onPress();
                }}
              >
                {toast.action.label}
              </button>
            )}
          </span>
        )}
      </div>
    </ToastContext>
  );
}

/** Returns the function that shows a confirmation, with one thing to do about it if there is any. */
export function useToast(): ShowToast {
  return use(ToastContext);
}
