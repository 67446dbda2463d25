/** What the page knows of rules and runs; no bridge, no view. */
import type { RetentionCount, RetentionPolicy, RetentionRule, RetentionRun } from '@/bridge/types';

/** The kinds of rooms, in their order. */
export const classes = ['direct', 'group', 'department', 'notice', 'self'] as const;
export type RoomClass = (typeof classes)[number];

/** The longest that anything is kept by a rule, in days. */
export const mostDays = 36_500;

/** A rule for each class; 0 keeps for ever. */
export function everyRule(rules: readonly RetentionRule[]): RetentionRule[] {
  return classes.map(
    (name) => rules.find((rule) => rule.class === name) ?? { class: name, message_days: 0, file_days: 0 },
  );
}

function said(policy: RetentionPolicy): string {
  return JSON.stringify([everyRule(policy.rules), policy.daily, policy.window_from, policy.window_to]);
}

/** Reports whether two policies say the same. */
export function sameRules(a: RetentionPolicy, b: RetentionPolicy): boolean {
  return said(a) === said(b);
}

/** What goes of all classes together. */
export function sumOf(counts: readonly RetentionCount[]) {
  const sum = (pick: (count: RetentionCount) => number) => counts.reduce((all, count) => all + pick(count), 0);
  return {
    messages: sum((count) => count.messages),
    files: sum((count) => count.files),
    bytes: sum((count) => count.bytes),
    heldRooms: sum((count) => count.held_rooms),
    heldMessages: sum((count) => count.held_messages),
  };
}

/** Reports whether a run is not over. */
export function isOpen(run: RetentionRun): boolean {
  return run.state === 'running' || run.state === 'waiting';
}

/** How far a run is, in hundredths. */
export function percentOf(run: RetentionRun): number {
  const due = run.due_messages + run.due_files;
  return due === 0 ? 0 : Math.min(100, Math.floor((100 * (run.messages + run.files)) / due));
}
