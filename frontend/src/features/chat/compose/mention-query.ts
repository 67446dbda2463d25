/** Mentions in a text that is being written: what is asked for behind an @, and what a choice puts there. Pure. */
import type { Draft } from '@/bridge/types';

/** The @ before the caret and what stands between the two. */
export interface MentionQuery {
  from: number;
  query: string;
}

/** What may be chosen: a person, or everybody. */
export interface Mentionable {
  /** Empty: everybody. */
  userUuid: string;
  name: string;
}

/** The names by which everybody is called, in both languages: who wrote it and who reads it may differ. */
export const everybody = ['모두', 'all'] as const;

/** A name is not longer than this; what is, is no question for one. */
const maxQuery = 30;

/**
 * Returns what is asked for at the caret, or undefined when nothing is. An @ asks at the beginning of a word only: the one
 * of an address (kim@corp.kr) is none. `done` are the names that have been chosen already: right behind one nothing more
 * is asked, so that the next Enter sends.
 */
export function mentionQuery(text: string, caret: number, done: readonly string[]): MentionQuery | undefined {
  const before = text.slice(Math.max(0, caret - maxQuery - 1), caret);
  const found = /(?:^|[\s([{"'“‘,.])@([^\s@]*)$/.exec(before);
  if (!found) return undefined;
  const query = found[1] ?? '';
  if (done.some((name) => query.startsWith(name))) return undefined;
  return { from: caret - query.length - 1, query };
}

/** The text with the chosen name in place of the question, and where the caret stands then. */
export function withMention(text: string, caret: number, from: number, name: string): { text: string; caret: number } {
  const head = `${text.slice(0, from)}@${name}`;
  return { text: head + text.slice(caret), caret: head.length };
}

/** The draft as it is sent: it mentions those whose @name still stands in it. */
export function mentionsIn(draft: Draft, nameOf: (userUuid: string) => string | undefined): Draft {
  const stands = (name: string | undefined) => name !== undefined && name !== '' && draft.text.includes(`@${name}`);
  return {
    ...draft,
    mentions: draft.mentions.filter((userUuid) => stands(nameOf(userUuid))),
    mention_all: draft.mention_all && everybody.some(stands),
  };
}
