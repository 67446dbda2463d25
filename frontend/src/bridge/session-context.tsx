import { createContext, use, type ReactNode } from 'react';
import { useStore } from 'zustand';
import type { Bridge } from './bridge';
import { presenceOf, type Mirror } from './mirror';
import type { Session } from './session';

const SessionContext = createContext<Session | undefined>(undefined);

export interface SessionProviderProps {
  session: Session;
  children: ReactNode;
}

/** Gives the session to everything below it. */
export function SessionProvider({ session, children }: SessionProviderProps) {
  return <SessionContext value={session}>{children}</SessionContext>;
}

/** The session of the page. */
export function useSession(): Session {
  const session = use(SessionContext);
  if (!session) throw new Error('useSession outside of SessionProvider');
  return session;
}

/** The bridge of the page, for calls. */
export function useBridge(): Bridge {
  return useSession().bridge;
}

/** A part of what the core holds; the component renders again when that part changes. */
export function useMirror<T>(select: (mirror: Mirror) => T): T {
  return useStore(useSession().mirror, select);
}

/** Who is there, by user_uuid; who is not in it is off. */
export function usePresence(): ReadonlyMap<string, string> {
  return useMirror(presenceOf);
}

/** Whether one person is there: active, away, dnd or off. */
export function usePersonPresence(uuid: string | undefined): string {
  return useMirror((mirror) => presenceOf(mirror).get(uuid ?? '') ?? 'off');
}
