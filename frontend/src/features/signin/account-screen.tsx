import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge, useMirror } from '@/bridge/session-context';
import { useTask } from '@/components/use-task';
import styles from './form.module.css';
import { Browsing } from './browsing';
import { Frame } from './frame';
import { Code, Forgot, Resetting } from './lost-password';
import { SignInForm } from './sign-in-form';
import { SignUpForm } from './sign-up-form';
import { useDepartmentNames } from './use-department-names';
import { WaitingView } from './waiting-view';

/** Which form somebody has chosen. */
type Form = 'sign_in' | 'sign_up' | 'forgot' | 'code';

interface FormProps {
  onForm: (form: Form) => void;
}

/** Somebody without a session: sign in, sign up, ask for a new password, or wait for a decision. */
export function AccountScreen() {
  const phase = useMirror((mirror) => mirror.state.phase);
  const browsing = useMirror((mirror) => mirror.state.browser);
  const [form, setForm] = useState<Form>('sign_in');
  return (
    <Frame footer={<ServerLine />}>
      {browsing ? (
        <Browsing />
      ) : phase === 'waiting' ? (
        <Waiting onForm={setForm} />
      ) : phase === 'resetting' ? (
        <Resetting onForm={setForm} />
      ) : (
        <Chosen form={form} onForm={setForm} />
      )}
    </Frame>
  );
}

function Chosen({ form, onForm }: FormProps & { form: Form }) {
  switch (form) {
    case 'sign_in':
      return <SignIn onForm={onForm} />;
    case 'sign_up':
      return <SignUp onBack={() => onForm('sign_in')} />;
    case 'forgot':
      return <Forgot onForm={onForm} />;
    case 'code':
      return <Code onForm={onForm} />;
  }
}

function SignIn({ onForm }: FormProps) {
  const bridge = useBridge();
  const task = useTask();
  const notice = useMirror((mirror) => mirror.state.notice);
  const keyring = useMirror((mirror) => mirror.state.keyring_ok);
  const waits = useMirror((mirror) => mirror.state.keyring_waits);
  const signIn = useMirror((mirror) => mirror.state.sign_in);
  return (
    <SignInForm
      busy={task.busy}
      failure={task.failure ?? notice}
      canKeep={keyring}
      keyringWaits={waits}
      onSubmit={({ username, password, keep }) => void task.run(() => bridge.signIn(username, password, keep))}
      browserName={signIn.browser ? (signIn.browser_name ?? '') : undefined}
      onBrowser={(keep) => void task.run(() => bridge.signInByBrowser(keep))}
      onSignUp={() => onForm('sign_up')}
      onForgot={() => onForm('forgot')}
      onAnew={task.reset}
    />
  );
}

function SignUp({ onBack }: { onBack: () => void }) {
  const bridge = useBridge();
  const task = useTask();
  const departments = useDepartmentNames();
  return (
    <SignUpForm
      busy={task.busy}
      failure={task.failure}
      departments={departments}
      // When the waiting is over, signing in comes next and not this form again.
      onSubmit={(form) => void task.run(() => bridge.signUp(form)).then((done) => done && onBack())}
      onBack={onBack}
    />
  );
}

function Waiting({ onForm }: FormProps) {
  const bridge = useBridge();
  const task = useTask();
  const signUp = useMirror((mirror) => mirror.state.sign_up);
  if (!signUp) return null;
  return (
    <WaitingView
      signUp={signUp}
      busy={task.busy}
      failure={task.failure}
      onCheck={() => void task.run(() => bridge.checkSignUp())}
      onAgain={() => void task.run(() => bridge.cancelSignUp()).then((done) => done && onForm('sign_up'))}
      onLeave={() => void task.run(() => bridge.cancelSignUp())}
    />
  );
}

/** Which server this is about; pressing it goes back to the connect screen, where nothing has preset the address. */
function ServerLine() {
  const { t } = useTranslation('signin');
  const bridge = useBridge();
  const task = useTask();
  const { server_name, server_address, server_preset } = useMirror((mirror) => mirror.state);
  const name = server_name || server_address;
  return (
    <span title={server_address}>
      {t('server')}{' '}
      {server_preset ? (
        name
      ) : (
        <button
          type="button"
          className={styles.server}
          aria-label={t('change_server', { server: name })}
          data-testid="server-change"
          onClick={() => void task.run(() => bridge.forgetServer())}
        >
          {name}
        </button>
      )}
      {' · '}
      {server_address.startsWith('https:') ? t('encrypted') : t('not_encrypted')}
    </span>
  );
}
