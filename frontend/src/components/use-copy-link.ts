import { useTranslation } from 'react-i18next';
import { useBridge } from '@/bridge/session-context';
import { useToast } from './toast';

/** The link that leads to a room, or to one of its messages; core.ParseLink reads it. */
export function roomLink(room: string, seq = 0): string {
  return seq > 0 ? `himsg://room/${room}/${seq}` : `himsg://room/${room}`;
}

/** Returns what copies such a link and says so. */
export function useCopyLink(): (room: string, seq?: number) => void {
  const { t } = useTranslation();
  const bridge = useBridge();
  const toast = useToast();
  return (room, seq) => {
    bridge.copyText(roomLink(room, seq)).then(
      () => toast(t('opened.copied')),
      () => toast(t('opened.copy_failed')),
    );
  };
}
