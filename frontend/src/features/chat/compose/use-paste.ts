import { useCallback, type ClipboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { asFailure } from '@/bridge/failure';
import { useBridge } from '@/bridge/session-context';
import { useFailureText } from '@/components/failure-notice';
import { useToast } from '@/components/toast';
import { asBase64, maxHandedBytes } from './file-bytes';

const pictures = new Set(['image/png', 'image/jpeg', 'image/gif']);

/** The picture that a paste is about. Where there is a text as well, as spreadsheets give both, the text is meant. */
export function pastedPicture(data: Pick<DataTransfer, 'items' | 'types'>): Blob | undefined {
  if (data.types.includes('text/plain')) return undefined;
  const item = [...data.items].find(({ kind, type }) => kind === 'file' && pictures.has(type));
  return item?.getAsFile() ?? undefined;
}

/** Puts a pasted picture into a room's composer; a pasted text stays the field's own matter. */
export function usePaste(roomUuid: string): (event: ClipboardEvent) => void {
  const { t } = useTranslation('file');
  const bridge = useBridge();
  const toast = useToast();
  const failureText = useFailureText();
  return useCallback(
    (event) => {
      const picture = pastedPicture(event.clipboardData);
      if (!picture) return;
      event.preventDefault();
      if (picture.size > maxHandedBytes) {
        toast(t('paste_too_large'));
        return;
      }
      asBase64(picture).then(
        (content) =>
          bridge.pasteFile(roomUuid, content).catch((error: unknown) => toast(failureText(asFailure(error)))),
        () => toast(t('paste_failed')),
      );
    },
    [bridge, roomUuid, toast, failureText, t],
  );
}
