import { MultiSelect, SegmentedControl, Select } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMirror } from '@/bridge/session-context';
import { personChoices, type Choice } from './person-choices';
import { RoomsOfPeople } from './rooms-of-people';
import styles from './subject.module.css';

/** Whom or what something is about; an empty id: nothing is chosen yet. */
export interface Subject {
  kind: 'person' | 'room';
  id: string;
}

export interface SubjectChooserProps {
  label: string;
  subject: Subject;
  error: string | false | undefined;
  onChange: (subject: Subject) => void;
}

/** So many people narrow a search for rooms at most; the server's limit. */
const mostPeople = 5;

/** What is found is what was asked for: the list is not searched once more. */
const asFound = ({ options }: { options: unknown }) => options as Choice[];

/** Chooses a person, or a room by the people in it, also one without a name and one that the reader is not in. */
export function SubjectChooser({ label, subject, error, onChange }: SubjectChooserProps) {
  const { t } = useTranslation('admin');
  return (
    <div className={styles.chooser}>
      <SegmentedControl
        aria-label={label}
        value={subject.kind}
        data={[
          { value: 'person', label: t('subject.kind_person') },
          { value: 'room', label: t('subject.kind_room') },
        ]}
        onChange={(kind) => onChange({ kind: kind === 'room' ? 'room' : 'person', id: '' })}
      />
      {subject.kind === 'person' ? (
        <PersonField id={subject.id} error={error} onChange={(id) => onChange({ kind: 'person', id })} />
      ) : (
        <RoomFields id={subject.id} error={error} onChange={(id) => onChange({ kind: 'room', id })} />
      )}
    </div>
  );
}

interface FieldProps {
  id: string;
  error: string | false | undefined;
  onChange: (id: string) => void;
}

function PersonField({ id, error, onChange }: FieldProps) {
  const { t } = useTranslation('admin');
  const people = useMirror((mirror) => mirror.people);
  const [query, setQuery] = useState('');
  const data = useMemo(() => personChoices(people, query, id === '' ? [] : [id]), [people, query, id]);
  return (
    <Select
      label={t('subject.person')}
      placeholder={t('subject.find_person')}
      searchable
      data={data}
      filter={asFound}
      nothingFoundMessage={t('subject.nobody')}
      value={id === '' ? null : id}
      error={error}
      data-testid="subject-person"
      onSearchChange={(text) => setQuery(data.some((choice) => choice.label === text) ? '' : text)}
      onChange={(value) => onChange(value ?? '')}
    />
  );
}

function RoomFields({ id, error, onChange }: FieldProps) {
  const { t } = useTranslation('admin');
  const people = useMirror((mirror) => mirror.people);
  const [query, setQuery] = useState('');
  const [members, setMembers] = useState<readonly string[]>([]);
  const data = useMemo(() => personChoices(people, query, members), [people, query, members]);
  return (
    <>
      <MultiSelect
        label={t('subject.people')}
        description={t('subject.people_hint')}
        placeholder={members.length === 0 ? t('subject.find_person') : ''}
        searchable
        hidePickedOptions
        maxValues={mostPeople}
        data={data}
        filter={asFound}
        nothingFoundMessage={t('subject.nobody')}
        value={[...members]}
        error={members.length === 0 && error}
        data-testid="subject-people"
        onSearchChange={setQuery}
        onChange={(chosen) => {
          setMembers(chosen);
          onChange('');
        }}
      />
      {members.length > 0 && (
        <RoomsOfPeople key={members.join()} members={members} id={id} error={error} onChange={onChange} />
      )}
    </>
  );
}
