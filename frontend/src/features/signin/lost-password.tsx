import { useBridge, useMirror } from '@/bridge/session-context';
import { useTask } from '@/components/use-task';
import { CodeForm } from './code-form';
import { ForgotForm } from './forgot-form';
import { ResetView } from './reset-view';
import { useDepartmentNames } from './use-department-names';

export interface LostPasswordProps {
  onForm: (form: 'sign_in' | 'forgot' | 'code') => void;
}

/** Asking for a new password. When it was received the phase changes, and with it the screen. */
export function Forgot({ onForm }: LostPasswordProps) {
  const bridge = useBridge();
  const task = useTask();
  const departments = useDepartmentNames();
  return (
    <ForgotForm
      busy={task.busy}
      failure={task.failure}
      departments={departments}
      onSubmit={({ username, employee_id, department }) =>
        // When the waiting is over, signing in comes next and not this form again.
        void task
          .run(() => bridge.askReset(username, employee_id, department))
          .then((done) => done && onForm('sign_in'))
      }
      onCode={() => onForm('code')}
      onBack={() => onForm('sign_in')}
    />
  );
}

/** A one-time code by hand. Where the sign-in after it does not work, the sign-in form says that the password was set. */
export function Code({ onForm }: LostPasswordProps) {
  const bridge = useBridge();
  const task = useTask();
  const canKeep = useMirror((mirror) => mirror.state.keyring_ok);
  return (
    <CodeForm
      busy={task.busy}
      failure={task.failure}
      canKeep={canKeep}
      onSubmit={({ username, code, password, keep }) =>
        void task.run(() => bridge.redeemCode(username, code, password, keep)).then((done) => done && onForm('sign_in'))
      }
      onBack={() => onForm('sign_in')}
    />
  );
}

/** The request that was made here, from waiting to the new password. */
export function Resetting({ onForm }: LostPasswordProps) {
  const bridge = useBridge();
  const task = useTask();
  const reset = useMirror((mirror) => mirror.state.reset);
  const canKeep = useMirror((mirror) => mirror.state.keyring_ok);
  if (!reset) return null;
  const leave = (form: 'sign_in' | 'forgot') =>
    void task.run(() => bridge.cancelReset()).then((done) => done && onForm(form));
  return (
    <ResetView
      reset={reset}
      busy={task.busy}
      failure={task.failure}
      canKeep={canKeep}
      onCheck={() => void task.run(() => bridge.checkReset())}
      onSet={(password, keep) => void task.run(() => bridge.finishReset(password, keep))}
      onAgain={() => leave('forgot')}
      onLeave={() => leave('sign_in')}
    />
  );
}
