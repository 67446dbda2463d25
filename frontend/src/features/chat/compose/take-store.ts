/**
 * The files that the page hands over, one after the other, and those of each room that can't be sent. One for the window:
 * what was dropped goes on into its room when another one is opened meanwhile.
 */
import { create } from 'zustand';
import type { RefusedFile } from '@/bridge/types';

/** A dropped file; of a folder nothing is read. */
export interface Dropped {
  file: File;
  folder: boolean;
}

/** The file that is being handed over. */
export interface Taking {
  room: string;
  name: string;
  size: number;
  done: number;
  /** So many wait behind it. */
  behind: number;
  stop: () => void;
}

interface Held {
  taking: Taking | undefined;
  refused: ReadonlyMap<string, readonly RefusedFile[]>;
}

export const takeStore = create<Held>(() => ({ taking: undefined, refused: new Map() }));

/** Adds files that can't be sent to those of a room, which the user is told of until he has read it. */
export function addRefused(room: string, files: readonly RefusedFile[]): void {
  if (files.length === 0) return;
  takeStore.setState(({ refused }) => ({
    refused: new Map(refused).set(room, [...(refused.get(room) ?? []), ...files]),
  }));
}

/** The user has read which files of a room can't be sent. */
export function forgetRefused(room: string): void {
  takeStore.setState(({ refused }) => ({ refused: new Map([...refused].filter(([held]) => held !== room)) }));
}

interface Waiting extends Dropped {
  room: string;
}

/** What takes one file; it reports false when it was stopped. */
export type Take = (one: Waiting, onProgress: (done: number) => void, signal: AbortSignal) => Promise<boolean>;

let waiting: Waiting[] = [];
let running = false;

/** Hands files over into a room after those before them. Whatever refuses one, the others go on. */
export function enqueue(
  room: string,
  files: readonly Dropped[],
  take: Take,
  onError: (error: unknown) => RefusedFile['failure'],
) {
  waiting.push(...files.map((one) => ({ ...one, room })));
  if (running) {
    show({ behind: waiting.length });
    return;
  }
  running = true;
  void work(take, onError);
}

function show(part: Partial<Taking>) {
  takeStore.setState(({ taking }) => ({ taking: taking && { ...taking, ...part } }));
}

async function work(take: Take, onError: (error: unknown) => RefusedFile['failure']): Promise<void> {
  const one = waiting.shift();
  if (!one) {
    running = false;
    takeStore.setState({ taking: undefined });
    return;
  }
  const { name, size } = one.file;
  const ending = new AbortController();
  const stop = () => {
    waiting = [];
    ending.abort();
  };
  takeStore.setState({ taking: { room: one.room, name, size, done: 0, behind: waiting.length, stop } });
  try {
    await take(one, (done) => show({ done }), ending.signal);
  } catch (error) {
    addRefused(one.room, [{ name, size, failure: onError(error) }]);
  }
  await work(take, onError);
}
