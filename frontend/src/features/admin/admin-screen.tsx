import { Suspense, useEffect, useMemo } from 'react';
import { useMirror } from '@/bridge/session-context';
import { loadAhead } from '@/components/deferred';
import { ListSkeleton } from '@/components/list-skeleton';
import { AdminProvider, type Admin } from './admin-context';
import styles from './admin-screen.module.css';
import { SectionList } from './section-list';
import { sectionsFor } from './sections';

export interface AdminScreenProps extends Omit<Admin, 'role'> {
  /** The chosen section; without one the first is shown, in a narrow window the list. */
  section: string | undefined;
}

/** The administrators' tab: the sections at the left, the chosen one beside them. In a narrow window they take turns. */
export function AdminScreen({ section, subject, onSection, onPerson, onRoom }: AdminScreenProps) {
  const role = useMirror((mirror) => mirror.state.me?.role ?? '');
  const counts = useMirror((mirror) => mirror.admin);
  const admin = useMemo(
    () => ({ subject, role, onSection, onPerson, onRoom }),
    [subject, role, onSection, onPerson, onRoom],
  );
  const visible = sectionsFor(role);
  usePreload(role);
  const open = visible.find(({ id }) => id === section) ?? visible[0];
  if (!open) return null;
  return (
    <div className={styles.screen} data-detail={section !== undefined}>
      <SectionList sections={visible} counts={counts} open={open.id} onSection={onSection} />
      <AdminProvider admin={admin}>
        <main className={styles.section} data-testid="admin-section" data-section={open.id}>
          <Suspense
            fallback={
              <div data-testid="section-coming">
                <ListSkeleton rows={6} />
              </div>
            }
          >
            <open.component key={open.id} />
          </Suspense>
        </main>
      </AdminProvider>
    </div>
  );
}

/** Brings the code of the other sections, once the first one stands. */
function usePreload(role: string) {
  useEffect(() => loadAhead(sectionsFor(role).map(({ component }) => component)), [role]);
}
