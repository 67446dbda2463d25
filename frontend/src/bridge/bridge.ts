/**
 * The typed door to Go. Everything that the page knows comes through it, and everything that it wants done.
 *
 * The calls are those of shell.Face (desktop/internal/shell/contract.go), with the first letter small; their types are
 * generated (make generate) and written nowhere else. A call that is refused rejects with a Failure: see asFailure.
 */
import type * as generated from '@/wailsjs/go/shell/Bridge';
import type { Update } from './types';

type Generated = typeof generated;

/** All calls of shell.Face. */
export type Calls = { [Name in keyof Generated as Uncapitalize<Name>]: Generated[Name] };

/** The calls, the one event, and what else the shell does for a page. */
export interface Bridge extends Calls {
  /** Calls the listener with each update, in order, until the returned function is called. */
  onUpdate: (listener: (update: Update) => void) => () => void;
  /** Puts a text into the clipboard. By the shell: a web view may not let a page do it. */
  copyText: (text: string) => Promise<void>;
  /** The address under which an img shows one of the core's own paths, such as /thumbnail/<file_id>/240. */
  assetUrl: (path: string) => string;
}
