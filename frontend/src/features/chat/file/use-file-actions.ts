import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { asFailure } from '@/bridge/failure';
import { useBridge } from '@/bridge/session-context';
import { useFailureText } from '@/components/failure-notice';
import { useToast } from '@/components/toast';

/** What can be done with files and transfers. A refusal is said in a toast; what goes well shows by itself. */
export interface FileActions {
  save: (fileId: string) => void;
  saveAs: (fileId: string) => void;
  saveAll: (fileIds: readonly string[]) => void;
  open: (fileId: string) => void;
  show: (fileId: string) => void;
  copy: (fileId: string) => void;
  cancel: (transfer: string) => void;
  retry: (transfer: string) => void;
}

/** The actions on files, for rows, lists and the viewer. */
export function useFileActions(): FileActions {
  const { t } = useTranslation('file');
  const bridge = useBridge();
  const toast = useToast();
  const failureText = useFailureText();
  return useMemo(() => {
    const attempt = (call: Promise<unknown>, word?: string) => {
      call.then(
        (went) => {
          if (word !== undefined && went !== false) toast(word);
        },
        (error: unknown) => toast(failureText(asFailure(error))),
      );
    };
    return {
      save: (fileId) => attempt(bridge.downloadFile(fileId)),
      saveAs: (fileId) => attempt(bridge.saveFile(fileId)),
      saveAll: (fileIds) => attempt(bridge.saveFiles([...fileIds]), t('saving')),
      open: (fileId) => attempt(bridge.openFile(fileId)),
      show: (fileId) => attempt(bridge.showFile(fileId)),
      copy: (fileId) => attempt(bridge.copyPicture(fileId), t('copied')),
      cancel: (transfer) => attempt(bridge.cancelTransfer(transfer)),
      retry: (transfer) => attempt(bridge.retryTransfer(transfer)),
    };
  }, [bridge, toast, failureText, t]);
}
