import { lazy, useState, type ComponentType } from 'react';

/** A component whose code is a part of its own. */
export interface Later {
  component: ComponentType;
  /** Brings the code. What is first shown after that stands there at once, without its place being grey before. */
  preload: () => Promise<void>;
}

/**
 * Makes a component of which the code comes when it is shown or preloaded. React's lazy alone shows the fallback even
 * when the code is long there, and keeps it for 300 ms so that nothing flickers.
 */
export function later(load: () => Promise<ComponentType>): Later {
  let ready: ComponentType | undefined;
  const bring = async () => (ready ??= await load());
  const Lazy = lazy(async () => ({ default: await bring() }));
  function Part() {
    // What it began as it stays: another component would begin anew, and forget what was typed.
    const [Chosen] = useState(() => ready ?? Lazy);
    return <Chosen />;
  }
  return {
    component: Part,
    preload: async () => {
      await bring();
    },
  };
}
