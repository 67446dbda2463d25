/** The entry: chooses the bridge, starts the session, puts the page up. Start reading at App. */
import './mantine.css';
import './tokens.css';
import './global.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import type { Bridge } from '@/bridge/bridge';
import { createSession } from '@/bridge/session';
import { SessionProvider } from '@/bridge/session-context';
import { inWailsWindow, wailsBridge } from '@/bridge/wails-bridge';
import { dropLaunchPicture } from '@/features/chat/rooms/launch-picture';
import { App } from './app';

const clock = () => Date.now();

async function chooseBridge(): Promise<Bridge> {
  if (inWailsWindow()) return wailsBridge();
  const [{ fakeBridge }, { readOptions }] = await Promise.all([
    import('@/bridge/fake/fake-bridge'),
    import('@/bridge/fake/options'),
  ]);
  const fake = fakeBridge(readOptions(window.location.search), clock);
  // Browser tests do through it what others would do.
  return Object.assign(window, { himsgFake: fake }).himsgFake;
}

/** A launch picture whose list did not come, whyever, does not stand in the way. */
const pictureLimitMs = 3000;

async function start() {
  const root = document.querySelector('#root');
  if (!root) throw new Error('index.html has no #root');
  const session = createSession(await chooseBridge(), clock);
  const started = session.start(); // the answer comes while the page is being made
  setTimeout(dropLaunchPicture, pictureLimitMs);
  createRoot(root).render(
    <StrictMode>
      <SessionProvider session={session}>
        <App started={started} />
      </SessionProvider>
    </StrictMode>,
  );
}

void start();
