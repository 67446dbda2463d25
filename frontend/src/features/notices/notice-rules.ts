/** What a notice asks of its reader. Pure. */
import type { Notice } from '@/bridge/types';

/** How a notice stands with its reader, the most pressing first. */
export type Standing = 'overdue' | 'to_confirm' | 'unread' | 'confirmed' | 'read';

/** Where the reader is with a notice. */
export function standingOf(notice: Notice, now: number): Standing {
  const { asked, confirm, confirmed_at, due_at, read } = notice;
  if (confirm && confirmed_at > 0) return 'confirmed';
  if (asked && confirm) return due_at > 0 && due_at < now ? 'overdue' : 'to_confirm';
  return asked && !read ? 'unread' : 'read';
}

/** Reports whether something is left to do. */
export function waits(standing: Standing): boolean {
  return standing === 'overdue' || standing === 'to_confirm' || standing === 'unread';
}
