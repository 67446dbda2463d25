/**
 * The launch picture: the markup of the list of rooms, which the core keeps and the next start shows before this code has been
 * read (desktop/internal/shell/launch.go puts it into the page, public/launch.js below it). Here it is taken, and taken away.
 */
import { useEffect, useRef, type RefObject } from 'react';
import type { Session } from '@/bridge/session';
import type { LaunchPicture } from '@/bridge/types';

/** How long the list has to stand still: what is kept is compared with the store then. */
const quietMs = 1500;

/** What of an update the list and the rail show. */
const listParts = [
  'state',
  'settings',
  'rooms',
  'rooms_removed',
  'people',
  'held',
  'unread_total',
  'notices',
  'admin',
] as const;

/** Takes the picture away. Returns the room that was clicked in it. */
export function dropLaunchPicture(): string | undefined {
  const picture = document.querySelector<HTMLElement>('#launch');
  const room = picture?.dataset.room;
  picture?.remove();
  document.querySelector('#launch-style')?.remove();
  return room;
}

/** What stands for one copy of the page's code: another one has other styles. */
function pageCode(): string | undefined {
  const script = document.querySelector<HTMLScriptElement>('script[type="module"][src]');
  const behindPicture = document.querySelector<HTMLScriptElement>('script[data-code]');
  return behindPicture?.dataset.code ?? script?.getAttribute('src') ?? undefined;
}

/** The list as a start shows it; undefined while it is looked through, or shows what passes: who types. */
function listCopy(shown: Element): Node | undefined {
  const scroller = shown.querySelector('[data-launch="rows"]');
  const field = shown.querySelector<HTMLInputElement>('input');
  const filter = shown.querySelector('[data-testid="room-filter-all"]');
  if (!scroller || scroller.scrollTop > 0 || field?.value || filter?.getAttribute('aria-pressed') !== 'true')
    return undefined;
  if (scroller.querySelector('[data-kind="typing"]')) return undefined;
  const copy = shown.cloneNode(true) as HTMLElement;
  for (const row of copy.querySelectorAll<HTMLElement>('[data-room]')) {
    row.removeAttribute('aria-current');
    row.dataset.launchRoom = row.dataset.room;
    delete row.dataset.room;
  }
  return copy;
}

/** The window around the list: the same elements, and what stands beside the list if no room does. */
function windowMarkup(shown: HTMLElement): string | undefined {
  const place = shown.querySelector<HTMLElement>('[data-launch="place"]');
  const [rail, list, detail] = [shown.firstElementChild, place?.firstElementChild, place?.lastElementChild];
  if (!place || !rail || !list || !detail) return undefined;
  const copiedList = listCopy(list);
  if (!copiedList) return undefined;
  const copiedPlace = shallow(place, [copiedList, detail.cloneNode(place.dataset.detail === 'false')]);
  copiedPlace.dataset.detail = 'false';
  const copy = shallow(shown, [rail.cloneNode(true), shallow(place.parentElement ?? place, [copiedPlace])]);
  for (const passing of copy.querySelectorAll('[data-presence], [role="separator"]')) passing.remove();
  for (const named of copy.querySelectorAll('[data-testid], [id]')) {
    named.removeAttribute('data-testid');
    named.removeAttribute('id');
  }
  return copy.outerHTML;
}

function shallow(element: HTMLElement, children: Node[]): HTMLElement {
  const copy = element.cloneNode(false) as HTMLElement;
  copy.append(...children);
  return copy;
}

/** What the core is to keep of the window now; undefined when a start would not look so. */
export function takeLaunchPicture(shown: HTMLElement): LaunchPicture | undefined {
  const page = pageCode();
  const markup = windowMarkup(shown);
  if (page === undefined || markup === undefined) return undefined;
  const { lang, dataset, style } = document.documentElement;
  return {
    page,
    language: lang,
    scheme: dataset.mantineColorScheme ?? '',
    zoom: Number.parseInt(style.fontSize),
    style: [...document.querySelectorAll('style[data-mantine-styles]')].map((sheet) => sheet.textContent).join('\n'),
    markup,
  };
}

/**
 * Has the core keep a picture of the window whenever its list has changed and then stood still. What can't be kept is no
 * loss: the next start is a slower one.
 */
export function useLaunchPicture(shown: RefObject<HTMLElement | null>, session: Session) {
  const kept = useRef('');
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const take = () => {
      timer = undefined;
      const picture = shown.current ? takeLaunchPicture(shown.current) : undefined;
      const key = JSON.stringify(picture);
      if (!picture || key === kept.current) return;
      kept.current = key;
      session.bridge.keepLaunch(picture).then(
        () => performance.mark('launch_kept'),
        () => {
          kept.current = '';
        },
      );
    };
    const later = () => {
      clearTimeout(timer);
      timer = setTimeout(take, quietMs);
    };
    later();
    const stop = session.onUpdate((update) => {
      if (update.full || listParts.some((part) => update[part] !== undefined && update[part] !== null)) later();
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [shown, session]);
}
