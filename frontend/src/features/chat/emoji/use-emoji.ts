import { useCallback, useEffect, useState } from 'react';
import { useBridge, useSession } from '@/bridge/session-context';
import { withRecent, type EmojiGroup } from './emoji-rows';

/** All emoji; they are fetched (out of the app's own files) when the first picker opens. undefined until then. */
export function useEmojiData(): readonly EmojiGroup[] | undefined {
  const [data, setData] = useState<readonly EmojiGroup[]>();
  useEffect(() => {
    let gone = false;
    void import('./emoji-data.json').then((loaded) => {
      if (!gone) setData(loaded.default);
    });
    return () => {
      gone = true;
    };
  }, []);
  return data;
}

/** Remembers what was used, for the next time. */
export function useNoteEmoji(): (emoji: string) => void {
  const bridge = useBridge();
  const { mirror } = useSession();
  return useCallback(
    (emoji) => {
      const { settings } = mirror.getState();
      const recent_emoji = withRecent(settings.recent_emoji, emoji);
      // Nobody waits for it, and without it only the order of a list is older.
      bridge.saveSettings({ ...settings, recent_emoji }).catch(() => undefined);
    },
    [bridge, mirror],
  );
}
