import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { asFailure } from '@/bridge/failure';
import { useBridge } from '@/bridge/session-context';
import { useFailureText } from '@/components/failure-notice';
import { useToast } from '@/components/toast';
import { asBase64, maxHandedBytes } from './file-bytes';

/** Puts dropped files into a room's composer, one after the other. What can't be taken is said; the others go on. */
export function useTakeFiles(roomUuid: string): (files: File[]) => void {
  const { t } = useTranslation('file');
  const bridge = useBridge();
  const toast = useToast();
  const failureText = useFailureText();
  return useCallback(
    (files) => {
      const take = async (file: File) => {
        if (file.size > maxHandedBytes) {
          toast(t('drop.too_large'));
          return;
        }
        const content = await asBase64(file).catch(() => undefined); // a folder, or a file that may not be read
        if (content === undefined) {
          toast(t('drop.unreadable'));
          return;
        }
        await bridge
          .takeFile(roomUuid, file.name, content)
          .catch((error: unknown) => toast(failureText(asFailure(error))));
      };
      void files.reduce((before, file) => before.then(() => take(file)), Promise.resolve());
    },
    [bridge, roomUuid, toast, failureText, t],
  );
}
