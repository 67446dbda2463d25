import {
  IconMessageCircle,
  IconSearch,
  IconSettings,
  IconShield,
  IconSpeakerphone,
  IconUsers,
  type Icon,
} from '@tabler/icons-react';
import { memo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Me } from '@/bridge/types';
import { CountBadge } from '@/components/count-badge';
import type { Tab } from './nav';
import { PresenceMenu } from './presence-menu';
import styles from './rail.module.css';

export interface RailProps {
  me: Me;
  tab: Tab;
  unread: number;
  /** Notices that wait to be read or confirmed. */
  notices: number;
  waiting: number;
  onTab: (tab: Tab) => void;
  onPresence: (state: string) => void;
  onProfile: () => void;
  /** What stands above the settings. */
  extra?: ReactNode;
}

// A message changes one number here; what stands beside it is left as it is.
const Item = memo(RailItem);
const Oneself = memo(PresenceMenu);

/** The narrow column at the left: oneself and the places of the app. */
export function Rail({ me, tab, unread, notices, waiting, onTab, onPresence, onProfile, extra }: RailProps) {
  const { t } = useTranslation();
  const item = (place: Tab, picture: Icon, count: number) => (
    <Item place={place} picture={picture} count={count} here={tab === place} onTab={onTab} />
  );
  return (
    <nav className={styles.rail} aria-label={t('rail.label')}>
      <Oneself me={me} onPresence={onPresence} onProfile={onProfile} />
      {item('people', IconUsers, 0)}
      {item('chats', IconMessageCircle, unread)}
      {item('notices', IconSpeakerphone, notices)}
      {item('search', IconSearch, 0)}
      {(me.is_admin || me.role === 'auditor') && item('admin', IconShield, waiting)}
      <span className={styles.space} />
      {extra}
      {item('settings', IconSettings, 0)}
    </nav>
  );
}

interface RailItemProps extends Pick<RailProps, 'onTab'> {
  place: Tab;
  picture: Icon;
  count: number;
  /** The place that is shown. */
  here: boolean;
}

function RailItem({ place, picture: Picture, count, here, onTab }: RailItemProps) {
  const { t } = useTranslation();
  const label = t(`rail.${place}`);
  return (
    <button
      type="button"
      className={styles.item}
      aria-current={here ? 'page' : undefined}
      title={label}
      data-testid={`rail-${place}`}
      onClick={() => onTab(place)}
    >
      <Picture className={styles.icon} aria-hidden="true" />
      {label}
      <span className={styles.badge}>
        <CountBadge count={count} label={count > 0 ? t('rail.badge', { label, count }) : ''} />
      </span>
    </button>
  );
}
