import { createContext, use, type ReactNode } from 'react';

/** What a section may ask of the window around it. */
export interface Admin {
  /** What this section is to show, if one came for that: a user_uuid, a backup_uuid … */
  subject: string | undefined;
  /** The reader's role: owner, admin or auditor. */
  role: string;
  /** Goes to another section, for one of its things if it is named; without one to the list of sections. */
  onSection: (section: string | undefined, subject?: string) => void;
  /** Opens a profile card above everything. */
  onPerson: (person: string) => void;
  /** Opens a conversation. */
  onRoom: (room: string) => void;
}

const AdminContext = createContext<Admin | undefined>(undefined);

export interface AdminProviderProps {
  admin: Admin;
  children: ReactNode;
}

/** Gives the sections what they may ask for. */
export function AdminProvider({ admin, children }: AdminProviderProps) {
  return <AdminContext value={admin}>{children}</AdminContext>;
}

/** What the window around a section offers it. */
export function useAdmin(): Admin {
  const admin = use(AdminContext);
  if (!admin) throw new Error('useAdmin outside of AdminProvider');
  return admin;
}
