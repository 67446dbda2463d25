import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge } from '@/bridge/session-context';
import type { Hold } from '@/bridge/types';
import { fieldError } from '@/components/field-error';
import { ActDialog } from '@/features/admin/act-dialog';
import { SubjectChooser, type Subject } from '@/features/admin/subject/subject-chooser';
import { useRoomWords } from '@/features/admin/subject/use-room-words';

export interface PlaceHoldDialogProps {
  onDone: () => void;
  onClose: () => void;
}

/** Asks whom or what to hold, and why. */
export function PlaceHoldDialog({ onDone, onClose }: PlaceHoldDialogProps) {
  const { t } = useTranslation('retention');
  const bridge = useBridge();
  const [subject, setSubject] = useState<Subject>({ kind: 'person', id: '' });

  return (
    <ActDialog
      name="hold"
      hasField
      title={t('place_title')}
      text={t('place_text')}
      okLabel={t('hold_place')}
      reason="needed"
      missing={subject.id === ''}
      call={(reason) => bridge.placeHold(subject.kind, subject.id, reason)}
      onDone={onDone}
      onClose={onClose}
    >
      {(tried, failure) => (
        <SubjectChooser
          label={t('hold_kind')}
          subject={subject}
          error={(tried && subject.id === '' && t('subject_missing')) || fieldError(failure, 'subject_uuid')}
          onChange={setSubject}
        />
      )}
    </ActDialog>
  );
}

export interface EndHoldDialogProps extends PlaceHoldDialogProps {
  hold: Hold;
}

/** Ends a hold: what it kept may be deleted from then on. */
export function EndHoldDialog({ hold, onDone, onClose }: EndHoldDialogProps) {
  const { t } = useTranslation('retention');
  const bridge = useBridge();
  const words = useRoomWords();
  return (
    <ActDialog
      name="hold-end"
      danger
      title={t('end_title', { name: words({ name: hold.subject_name, members: hold.people }) })}
      text={t('end_text', { count: hold.rooms })}
      okLabel={t('hold_end')}
      reason="needed"
      call={(reason) => bridge.endHold(hold.hold_uuid, reason)}
      onDone={onDone}
      onClose={onClose}
    />
  );
}
