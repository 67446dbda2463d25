import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge } from '@/bridge/bridge';
import { addDays } from '@/components/calendar';
import { createMessageSearch, noQuery, type MessageSearch } from '@/components/message-search';

/** What is looked for. Empty strings and 0 don't narrow it; from and to are days, both included. */
export interface Asked {
  text: string;
  room: string;
  sender: string;
  from: number;
  to: number;
  hasFile: boolean;
}

/** A search over everything, as it was left. There is one for the life of the main window. */
export interface SearchModel {
  asked: StoreApi<Asked>;
  messages: MessageSearch;
  change: (part: Partial<Asked>) => void;
  /** How far down the results one was, in pixels. */
  scrollTop: () => number;
  scrolledTo: (top: number) => void;
  /** The line that was chosen last, by its key. */
  chosen: () => string | undefined;
  choose: (key: string | undefined) => void;
}

const nothing: Asked = { text: '', room: '', sender: '', from: 0, to: 0, hasFile: false };

/** Reports whether anything but the text narrows the search: then only messages are looked for. */
export function isNarrowed({ room, sender, from, to, hasFile }: Asked): boolean {
  return room !== '' || sender !== '' || from > 0 || to > 0 || hasFile;
}

/** Makes the search; nothing is asked before something is typed. */
export function createSearch(bridge: Pick<Bridge, 'search'>): SearchModel {
  const asked = createStore<Asked>(() => nothing);
  const messages = createMessageSearch(bridge);
  let scrollTop = 0;
  let chosen: string | undefined;
  return {
    asked,
    messages,
    scrollTop: () => scrollTop,
    scrolledTo: (top) => {
      scrollTop = top;
    },
    chosen: () => chosen,
    choose: (key) => {
      chosen = key;
    },
    change: (part) => {
      asked.setState(part);
      scrollTop = 0;
      chosen = undefined;
      const { text, room, sender, from, to, hasFile } = asked.getState();
      messages.ask({
        ...noQuery,
        text,
        room_uuid: room,
        sender_uuid: sender,
        from,
        to: to > 0 ? addDays(to, 1) : 0,
        has_file: hasFile,
      });
    },
  };
}
