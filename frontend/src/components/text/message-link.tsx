import { IconAlertTriangle } from '@tabler/icons-react';
import { useState, type MouseEvent } from 'react';
import { asFailure } from '@/bridge/failure';
import { useBridge, useSession } from '@/bridge/session-context';
import type { Target } from '@/bridge/types';
import { useFailureText } from '@/components/failure-notice';
import { useToast } from '@/components/toast';
import { useLogActions } from '@/components/log-actions';
import { useTexts } from '@/i18n/use-texts';
import { LinkDialog } from './link-dialog';
import { destination, type Piece } from './links';
import styles from './message-link.module.css';

export interface MessageLinkProps {
  link: Extract<Piece, { kind: 'web' }>;
}

/**
 * An address that opens in the system's browser; the page itself goes nowhere. One that may lead elsewhere than it
 * seems to is marked, and opens only after its true host was shown.
 */
export function MessageLink({ link }: MessageLinkProps) {
  const { t } = useTexts('message');
  const bridge = useBridge();
  const toast = useToast();
  const failureText = useFailureText();
  const [asking, setAsking] = useState(false);

  function open(address: string) {
    setAsking(false);
    bridge.openLink(address).catch((error: unknown) => toast(failureText(asFailure(error))));
  }
  function press(event: MouseEvent) {
    event.preventDefault();
    if (link.strange) setAsking(true);
    else open(link.text);
  }
  return (
    <>
      <a
        className={styles.link}
        href={link.strange ? destination(link.text)?.address : link.text}
        rel="noreferrer"
        data-strange={link.strange}
        draggable={false}
        onClick={press}
        // The middle button would open it past the question.
        onAuxClick={(event) => event.preventDefault()}
      >
        {link.strange && <IconAlertTriangle className={styles.icon} role="img" aria-label={t('link.strange')} />}
        {link.text}
      </a>
      {asking && link.strange && (
        <LinkDialog address={link.text} strange={link.strange} onOpen={open} onClose={() => setAsking(false)} />
      )}
    </>
  );
}

export interface RoomLinkProps {
  link: Extract<Piece, { kind: 'room' }>;
}

/** A place in this app. */
export function RoomLink({ link }: RoomLinkProps) {
  const { t } = useTexts('message');
  const { mirror } = useSession();
  const toast = useToast();
  const { onRoom } = useLogActions();
  function open() {
    if (mirror.getState().rooms.has(link.room)) onRoom(link.room, link.seq);
    else toast(t('link.no_room'));
  }
  return <InnerLink address={link.text} onOpen={open} />;
}

export interface PlaceLinkProps {
  link: Extract<Piece, { kind: 'person' | 'notice' }>;
}

const nowhere: Target = { room_uuid: '', seq: 0, notice_uuid: '', user_uuid: '', settings: false, problem: '' };

/** Somebody's card or a notice: the window goes there as it does for a link from outside. */
export function PlaceLink({ link }: PlaceLinkProps) {
  const { mirror } = useSession();
  function open() {
    const known = mirror.getState().people.has(link.uuid);
    const there =
      link.kind === 'notice'
        ? { notice_uuid: link.uuid }
        : known
          ? { user_uuid: link.uuid }
          : { problem: 'unknown_person' };
    mirror.setState({ open: { ...nowhere, ...there } });
  }
  return <InnerLink address={link.text} onOpen={open} />;
}

interface InnerLinkProps {
  address: string;
  onOpen: () => void;
}

/** An address of the app's own: it leads there inside of the app, and the page itself goes nowhere. */
function InnerLink({ address, onOpen }: InnerLinkProps) {
  return (
    <a
      className={styles.link}
      href={address}
      draggable={false}
      onClick={(event) => {
        event.preventDefault();
        onOpen();
      }}
      onAuxClick={(event) => event.preventDefault()}
    >
      {address}
    </a>
  );
}
