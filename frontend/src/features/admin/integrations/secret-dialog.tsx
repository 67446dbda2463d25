import { Button, Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useBridge } from '@/bridge/session-context';
import type { IntegrationSecret } from '@/bridge/types';
import { Dialog } from '@/components/dialog';
import { useToast } from '@/components/toast';
import { kinds } from './integrations-model';
import styles from './integrations.module.css';

export interface SecretDialogProps {
  told: IntegrationSecret;
  onClose: () => void;
}

/** Shows a secret this once: an incoming hook's whole address, or a token, or what an outgoing hook signs with. */
export function SecretDialog({ told, onClose }: SecretDialogProps) {
  const { t } = useTranslation('integrations');
  const { t: tc } = useTranslation();
  const bridge = useBridge();
  const toast = useToast();
  const secret = told.address === '' ? told.secret : told.address;
  const kind = kinds.find((one) => one === told.integration.kind) ?? 'token';
  const copy = () => {
    bridge.copyText(secret).then(
      () => toast(t('copied')),
      () => toast(t('copy_failed')),
    );
  };
  return (
    <Dialog title={t('secret_title', { name: told.integration.name })} onClose={onClose}>
      <p className={styles.hint}>{t(`secret_text.${kind}`)}</p>
      <output className={styles.secret} data-testid="integration-secret">
        {secret}
      </output>
      <p className={styles.hint}>{t('secret_once')}</p>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" data-testid="integration-copy" onClick={copy}>
          {t('copy')}
        </Button>
        <Button data-autofocus data-testid="integration-seen" onClick={onClose}>
          {tc('close')}
        </Button>
      </Group>
    </Dialog>
  );
}
