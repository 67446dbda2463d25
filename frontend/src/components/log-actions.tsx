import { createContext, use } from 'react';

/** Where the parts of a conversation lead to. */
export interface LogActions {
  onPerson: (person: string) => void;
  /** Opens a room, at a message unless seq is 0. */
  onRoom: (room: string, seq: number) => void;
  /** Shows a message of this room, wherever it is. */
  onJump: (seq: number) => void;
}

const nowhere: LogActions = { onPerson: () => undefined, onRoom: () => undefined, onJump: () => undefined };

/** Given once per conversation; rows, quotes and notices lead by it. */
export const LogActionsContext = createContext<LogActions>(nowhere);

/** Where the parts of the conversation around a component lead to. */
export function useLogActions(): LogActions {
  return use(LogActionsContext);
}
