import { NativeSelect } from '@mantine/core';
import { IconDevices } from '@tabler/icons-react';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge, useMirror } from '@/bridge/session-context';
import type { PersonDevice } from '@/bridge/types';
import { platformName } from '@/components/device-words';
import { SearchField } from '@/components/search-field';
import { useAdmin } from '@/features/admin/admin-context';
import { PagedView } from '@/features/admin/paged-view';
import { SectionPage } from '@/features/admin/section-page';
import { usePages } from '@/features/admin/use-pages';
import { DeviceRow } from './device-row';
import styles from './devices-section.module.css';
import { RemoveDialog } from './remove-dialog';

/** How long one types before the server is asked, in milliseconds. */
const pause = 250;

const platforms = ['', 'windows', 'darwin', 'linux'];

/** Where everybody is signed in, and signing a device or a person out. */
export function DevicesSection() {
  const { t } = useTranslation('devices');
  const { subject, onPerson } = useAdmin();
  // Who came from a person's page sees that person's devices.
  const named = useMirror((mirror) => (subject === undefined ? '' : (mirror.people.get(subject)?.username ?? '')));
  const [text, setText] = useState(named);
  const [platform, setPlatform] = useState('');
  const [removing, setRemoving] = useState<PersonDevice>();
  const bridge = useBridge();
  const sought = text.trim();
  const call = useCallback(
    async (before: number) => {
      const { devices, next } = await bridge.peopleDevices({ text: sought, platform, before });
      return { items: devices, next };
    },
    [bridge, sought, platform],
  );
  const pages = usePages(call, { pause: sought === '' ? 0 : pause });
  return (
    <SectionPage title={t('title')} lead={t('lead')} filled>
      <div className={styles.section}>
        <div className={styles.filters}>
          <SearchField
            value={text}
            onChange={setText}
            label={t('search')}
            placeholder={t('search')}
            testId="devices-search"
          />
          <NativeSelect
            aria-label={t('platform')}
            data-testid="devices-platform"
            value={platform}
            data={platforms.map((value) => ({
              value,
              label: value === '' ? t('every_platform') : platformName(value),
            }))}
            onChange={(event) => setPlatform(event.currentTarget.value)}
          />
        </div>
        <PagedView
          pages={pages}
          failed={t('failed')}
          restFailed={t('rest_failed')}
          empty={{ icon: <IconDevices />, title: t('empty_title'), text: t('empty_text'), testId: 'devices-empty' }}
          label={t('title')}
          testId="devices-list"
          keyOf={(device) => device.session_uuid}
          rowHeight={64}
        >
          {(device) => <DeviceRow device={device} onPerson={onPerson} onRemove={setRemoving} />}
        </PagedView>
      </div>
      {removing && <RemoveDialog device={removing} onDone={pages.reload} onClose={() => setRemoving(undefined)} />}
    </SectionPage>
  );
}
