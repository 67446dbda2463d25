import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useMirror, useSession } from '@/bridge/session-context';
import { useToast } from '@/components/toast';
import type { NavStore } from './nav';

const problems = ['bad_link', 'unknown_room', 'unknown_person'] as const;

/** Goes where a click on a notification or a link leads, or says why that leads nowhere. */
export function useOpened(nav: NavStore): void {
  const session = useSession();
  const toast = useToast();
  const { t } = useTranslation();
  const open = useMirror((mirror) => mirror.open);
  useEffect(() => {
    if (!open) return;
    session.mirror.setState({ open: undefined });
    const problem = problems.find((one) => one === open.problem);
    if (problem) toast(t(`opened.${problem}`), { label: t('ok'), onPress: () => undefined });
    else if (open.settings) nav.showTab('settings');
    else if (open.notice_uuid) nav.showNotice(open.notice_uuid);
    else if (open.user_uuid) nav.showProfile(open.user_uuid);
    else if (open.room_uuid) nav.openRoom(open.room_uuid, open.seq);
  }, [open, session, nav, toast, t]);
}
