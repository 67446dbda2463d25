import { useBridge, useMirror } from '@/bridge/session-context';
import { BrowserView } from './browser-view';

/** The company's sign-in page is open in the browser. */
export function Browsing() {
  const bridge = useBridge();
  const name = useMirror((mirror) => mirror.state.sign_in.browser_name ?? '');
  return <BrowserView name={name} onCancel={() => void bridge.cancelBrowser()} />;
}
