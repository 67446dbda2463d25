import { Checkbox, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge } from '@/bridge/session-context';
import type { Failure, IntegrationSecret } from '@/bridge/types';
import { fieldError } from '@/components/field-error';
import { ActDialog } from '@/features/admin/act-dialog';
import { emptyDraft, kinds, lives, missingOf, needsRooms, requestOf, scopeKeys, scopes } from './integrations-model';
import type { IntegrationDraft, Kind } from './integrations-model';
import { IconChoice } from './icon-choice';
import { RoomChoice } from './room-choice';

export interface AddDialogProps {
  /** Takes what was made, with its secret, which is told only now. */
  onMade: (made: IntegrationSecret) => void;
  onClose: () => void;
}

/** Asks what to make, and makes it. */
export function AddDialog({ onMade, onClose }: AddDialogProps) {
  const { t } = useTranslation('integrations');
  const bridge = useBridge();
  const [draft, setDraft] = useState<IntegrationDraft>(emptyDraft);
  const set = (change: Partial<IntegrationDraft>) => setDraft((held) => ({ ...held, ...change }));
  const missing = missingOf(draft);
  return (
    <ActDialog
      name="integration-new"
      hasField
      title={t('add_title')}
      okLabel={t('make')}
      missing={missing.name || missing.rooms || missing.scopes || missing.url}
      call={async () => onMade(await bridge.addIntegration(requestOf(draft)))}
      onClose={onClose}
    >
      {(tried, failure) => (
        <Stack gap="md">
          <KindField draft={draft} onChange={set} />
          <TextInput
            withAsterisk
            label={t('name')}
            description={t('name_text')}
            value={draft.name}
            maxLength={60}
            error={(tried && missing.name && t('name_missing')) || fieldError(failure, 'name')}
            data-testid="integration-name"
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
          <IconChoice value={draft.icon} onChange={(icon) => set({ icon })} />
          <OfKind draft={draft} missing={tried ? missing : undefined} failure={failure} onChange={set} />
        </Stack>
      )}
    </ActDialog>
  );
}

interface FieldProps {
  draft: IntegrationDraft;
  onChange: (change: Partial<IntegrationDraft>) => void;
}

function KindField({ draft, onChange }: FieldProps) {
  const { t } = useTranslation('integrations');
  return (
    <NativeSelect
      label={t('kind_label')}
      description={t(`kind_text.${draft.kind}`)}
      value={draft.kind}
      data={kinds.map((value) => ({ value, label: t(`kind.${value}`) }))}
      data-autofocus
      data-testid="integration-kind"
      onChange={(event) => onChange({ kind: event.currentTarget.value as Kind, rooms: [] })}
    />
  );
}

interface OfKindProps extends FieldProps {
  missing: ReturnType<typeof missingOf> | undefined;
  failure: Failure | undefined;
}

/** What only some kinds have. */
function OfKind({ draft, missing, failure, onChange }: OfKindProps) {
  const { t } = useTranslation('integrations');
  const { t: tc } = useTranslation();
  return (
    <>
      {draft.kind === 'token' && (
        <Checkbox.Group
          withAsterisk
          label={t('scopes')}
          value={[...draft.scopes]}
          error={(missing?.scopes && t('scopes_missing')) || fieldError(failure, 'scopes')}
          onChange={(chosen) => onChange({ scopes: scopes.filter((scope) => chosen.includes(scope)) })}
        >
          <Stack gap="xs" mt="xs">
            {scopes.map((scope) => (
              <Checkbox
                key={scope}
                value={scope}
                label={t(`scope.${scopeKeys[scope]}`)}
                data-testid={`scope-${scope}`}
              />
            ))}
          </Stack>
        </Checkbox.Group>
      )}
      {draft.kind === 'outgoing' && (
        <TextInput
          withAsterisk
          label={t('url')}
          description={t('url_text')}
          placeholder="https://"
          type="url"
          inputMode="url"
          value={draft.url}
          maxLength={2000}
          error={(missing?.url && t('url_missing')) || fieldError(failure, 'url')}
          data-testid="integration-url"
          onChange={(event) => onChange({ url: event.currentTarget.value })}
        />
      )}
      {needsRooms(draft) && (
        <RoomChoice
          one={draft.kind === 'incoming'}
          chosen={draft.rooms}
          error={(missing?.rooms && t('rooms_missing')) || fieldError(failure, 'room_uuids')}
          onChange={(rooms) => onChange({ rooms })}
        />
      )}
      {draft.kind === 'token' && (
        <NativeSelect
          label={t('life')}
          description={t('life_text')}
          value={String(draft.days)}
          data={lives.map((days) => ({ value: String(days), label: tc('day_count', { count: days }) }))}
          data-testid="integration-days"
          onChange={(event) => onChange({ days: Number(event.currentTarget.value) })}
        />
      )}
    </>
  );
}
