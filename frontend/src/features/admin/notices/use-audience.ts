import { useTranslation } from 'react-i18next';
import { useMirror } from '@/bridge/session-context';
import type { AdminNotice } from '@/bridge/types';

/** Returns what says whom a notice is for: everybody, or a department and how many more. */
export function useAudience(): (notice: Pick<AdminNotice, 'department_uuids'>) => string {
  const { t } = useTranslation('notices_admin');
  const departments = useMirror((mirror) => mirror.departments);
  return ({ department_uuids: [first, ...others] }) => {
    if (first === undefined) return t('everybody');
    const name = departments.get(first)?.name ?? t('gone_department');
    return others.length === 0 ? name : t('departments_more', { name, count: others.length });
  };
}
