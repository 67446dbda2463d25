import { lazy, useState, type ComponentType } from 'react';

/** A component whose code is loaded when it is first shown, or by `ahead` before. */
export type Deferred<Props extends object> = ComponentType<Props> & { ahead: () => Promise<void> };

/**
 * Puts a component's code into a file of its own, so that a start does not wait for it. React shows a fallback for at least 300 ms when
 * it has to load something; what was loaded ahead shows at once.
 */
export function deferred<Props extends object>(load: () => Promise<ComponentType<Props>>): Deferred<Props> {
  let loaded: ComponentType<Props> | undefined;
  const Lazy = lazy(async () => {
    const Loaded = await load();
    return { default: ({ props }: { props: Props }) => <Loaded {...props} /> };
  });
  function DeferredComponent(props: Props) {
    // Once for the life of what is shown: another component in its place would begin anew.
    const [Ready] = useState(() => loaded);
    return Ready ? <Ready {...props} /> : <Lazy props={props} />;
  }
  return Object.assign(DeferredComponent, {
    ahead: async () => {
      loaded = await load();
    },
  });
}

/** What has just been shown has the window for itself for so many milliseconds. */
const pauseMs = 300;

/**
 * Loads parts: the first one, then all others at once, since with each style sheet that comes by itself WebKit lays the whole window
 * out anew. Returns what stops it. A part that does not come is asked for again when it is shown, and that says what is wrong.
 */
export function loadAhead([first, ...rest]: readonly { ahead: () => Promise<void> }[]): () => void {
  let stopped = false;
  const load = async () => {
    await first?.ahead();
    if (!stopped) await Promise.all(rest.map((part) => part.ahead()));
  };
  const timer = setTimeout(() => void load().catch(() => undefined), pauseMs);
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
