/** What the address of the page asks of the fake bridge, such as ?phase=connect&language=en&theme=dark. */
export interface FakeOptions {
  phase: string;
  link: string;
  /** Where a request for a new password stands, in the phase resetting. */
  reset: string;
  /** The company has a sign-in by the browser; with a lock, it is locked and opens by that. */
  browser: boolean;
  locked: boolean;
  /** The PC's keyring: usual, locked, or none. */
  keyring: string;
  /** One of the colleagues is the bot of a webhook. */
  bot: boolean;
  /** Where a sign-up stands, in the phase waiting. */
  signUp: string;
  language: string;
  theme: string;
  /** The reader's role: owner, admin, auditor or user. */
  role: string;
  /** How many colleagues there are beside the usual ones. */
  people: number;
  /** How many departments there are beside the usual ones. */
  departments: number;
  /** Where the import of people stands: nowhere, or ready, applied … */
  importing: string;
  /** No rooms and no colleagues yet. */
  empty: boolean;
  /** Colleagues answer, type and read by themselves. */
  lively: boolean;
  /** How many messages the first room has; 0: the usual. */
  messages: number;
  /** What becomes of uploads and downloads: usual, failed, full (the server's disk), or slow ones that never end. */
  transfers: string;
  /** What becomes of files: usual, refused (some of those that are chosen), taking (a dropped one, for ever), many in a room. */
  files: string;
  /** Pictures come from the core's paths, for a test that answers for them, and not out of the page itself. */
  served: boolean;
  /** What the diagnosis finds: usual, or faults. */
  diagnosis: string;
  /** How the app stands to a newer version: usual, it, loading, ready, required, refused, back or off. */
  update: string;
  /** What an app that went back to an older version has: newer (a store that it can't use), or aside (it was set aside). */
  store: string;
  /** The administrator has set the server's address. */
  preset: boolean;
  /** Names of settings that the administrator has set. */
  managed: string[];
  /** The next calls are refused with this code: to see how errors look. */
  fail: string;
}

/** Reads the options from a query string; what is missing gets the usual. */
export function readOptions(query: string): FakeOptions {
  const asked = new URLSearchParams(query);
  return {
    phase: asked.get('phase') ?? 'signed_in',
    link: asked.get('link') ?? 'online',
    browser: asked.has('browser'),
    locked: asked.has('locked'),
    keyring: asked.get('keyring') ?? '',
    bot: asked.has('bot'),
    reset: asked.get('reset') ?? 'pending',
    signUp: asked.get('sign_up') ?? 'pending',
    language: asked.get('language') ?? '',
    theme: asked.get('theme') ?? 'system',
    role: asked.get('role') ?? 'admin',
    people: Number(asked.get('people') ?? 0),
    departments: Number(asked.get('departments') ?? 0),
    importing: asked.get('importing') ?? '',
    empty: asked.has('empty'),
    messages: Number(asked.get('messages') ?? 0),
    lively: !asked.has('quiet'),
    transfers: asked.get('transfers') ?? '',
    files: asked.get('files') ?? '',
    served: asked.has('served'),
    diagnosis: asked.get('diagnosis') ?? '',
    update: asked.get('update') ?? '',
    store: asked.get('store') ?? '',
    preset: asked.has('preset'),
    managed: asked.get('managed')?.split(',') ?? [],
    fail: asked.get('fail') ?? '',
  };
}
