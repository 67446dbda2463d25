/** Finds the addresses in a message's text, and what is strange about them. Pure. */

/** Why an address is opened only after a question: it may lead elsewhere than it seems to. */
export type Strangeness = 'credentials' | 'letters' | 'disguised';

/** A piece of a text: plain, an address of the web, or a place in this app. */
export type Piece =
  | { kind: 'plain'; text: string }
  | { kind: 'web'; text: string; strange?: Strangeness }
  | { kind: 'room'; text: string; room: string; seq: number }
  | { kind: 'person' | 'notice'; text: string; uuid: string };

// What can't be seen (bidi marks, zero widths), quotes and backslashes end an address: a browser and a reader would take
// them differently.
const candidate = /(?:https?|himsg):\/\/[^\s\p{Cc}\p{Cf}<>"'“”‘’「」`\\]+/giu;
const asciiHost = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?/i;
const room = /^himsg:\/\/room\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\/(\d{1,15}))?/i;
const other = /^himsg:\/\/(person|notice)\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/i;
const trailing = '.,;:!?]}…*。、';

/** Takes off what belongs to the sentence: full stops, and a closing bracket that the address didn't open. */
function trimEnd(found: string): string {
  let open = 0;
  for (const char of found) open += char === '(' ? 1 : char === ')' ? -1 : 0;
  let end = found.length;
  for (; end > 0; end--) {
    const last = found.charAt(end - 1);
    if (last === ')' && open < 0) open++;
    else if (!trailing.includes(last)) break;
  }
  return found.slice(0, end);
}

/**
 * Takes off the particle behind a bare host (https://a.kr에서). What is left is what opens, so that cutting can deceive
 * nobody. In a path Hangul is common (wiki/한글) and stays.
 */
function withoutParticle(address: string): string {
  const from = address.indexOf('://') + 3;
  const authority = address.slice(from).split(/[/?#]/, 1)[0] ?? '';
  const [host] = asciiHost.exec(authority) ?? [];
  if (host === undefined || host === authority || authority.includes('@')) return address;
  const rest = authority.slice(host.length);
  const isParticle = /^[가-힣]/.test(rest) && /[.:]/.test(host);
  const isForeign = /^(?:\.|\P{ASCII})/u.test(rest) && (rest.includes('.') || authority.length < address.length - from);
  return isForeign && !isParticle ? address : address.slice(0, from + host.length);
}

/** What is strange about an address; undefined: nothing. A host is strange when it isn't what is written. */
function strangeness(url: URL, address: string): Strangeness | undefined {
  if (url.username !== '' || url.password !== '') return 'credentials';
  const host = hostOf(url);
  const written = (address.slice(address.indexOf('://') + 3).split(/[/?#]/, 1)[0] ?? '').replace(/:\d*$/, '');
  if (/[^ -~]/.test(written) || host.split('.').some((label) => label.startsWith('xn--'))) return 'letters';
  return host === written.toLowerCase() ? undefined : 'disguised';
}

function parsed(address: string): URL | undefined {
  try {
    return new URL(address);
  } catch {
    return undefined;
  }
}

function hostOf(url: URL): string {
  return url.hostname.toLowerCase();
}

/** Where an address really leads, and what is opened: without a name and a password in front of the host. */
export function destination(address: string): { host: string; address: string } | undefined {
  const url = parsed(address);
  if (!url || !/^https?:$/.test(url.protocol)) return undefined;
  url.username = '';
  url.password = '';
  return { host: hostOf(url), address: url.href };
}

/** What a candidate is; undefined: plain text after all. */
function recognised(found: string): Exclude<Piece, { kind: 'plain' }> | undefined {
  if (/^himsg:/i.test(found)) {
    const [text, uuid, seq] = room.exec(found) ?? [];
    if (text && uuid) return { kind: 'room', text, room: uuid.toLowerCase(), seq: Number(seq ?? 0) };
    const [whole, kind, id] = other.exec(found) ?? [];
    if (!whole || !id) return undefined;
    return { kind: kind?.toLowerCase() === 'person' ? 'person' : 'notice', text: whole, uuid: id.toLowerCase() };
  }
  const text = trimEnd(withoutParticle(trimEnd(found)));
  const url = parsed(text);
  if (!url || url.hostname === '') return undefined;
  const strange = strangeness(url, text);
  return { kind: 'web', text, ...(strange ? { strange } : {}) };
}

/** Cuts a text into plain pieces and addresses; joined they are the text again. */
export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(candidate)) {
    const link = recognised(match[0]);
    if (!link) continue;
    if (match.index > from) found.push({ kind: 'plain', text: text.slice(from, match.index) });
    found.push(link);
    from = match.index + link.text.length;
  }
  if (from < text.length) found.push({ kind: 'plain', text: text.slice(from) });
  return found;
}
