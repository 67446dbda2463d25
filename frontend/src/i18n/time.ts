/** Times as people of the page's language write them. `at` and `now` are milliseconds since 1970. */

const formats = new Map<string, Intl.DateTimeFormat>();

function format(language: string, options: Intl.DateTimeFormatOptions, at: number): string {
  const key = language + JSON.stringify(options);
  const held = formats.get(key) ?? new Intl.DateTimeFormat(language, options);
  formats.set(key, held);
  return held.format(at);
}

function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

/** Reports whether two instants fall on one calendar day here. */
export function sameDay(a: number, b: number): boolean {
  return startOfDay(a) === startOfDay(b);
}

/**
 * 오후 2:41, 2:41 PM. Korean by hand: ICU 72, which Debian's WebKitGTK has, says "PM 2:41" in Korean.
 */
export function clockTime(language: string, at: number): string {
  if (!language.startsWith('ko')) {
    return format(language, { hour: 'numeric', minute: '2-digit' }, at).replaceAll('\u202F', ' ');
  }
  const time = new Date(at);
  const hours = time.getHours();
  const minutes = String(time.getMinutes()).padStart(2, '0');
  return `${hours < 12 ? '오전' : '오후'} ${hours % 12 || 12}:${minutes}`;
}

/** 2026년 11월 22일 일요일 */
export function fullDay(language: string, at: number): string {
  return format(language, { year: 'numeric', month: 'long', day: 'numeric', weekday: 'long' }, at);
}

/** 2026년 11월 */
export function monthName(language: string, at: number): string {
  return format(language, { year: 'numeric', month: 'long' }, at);
}

/** 2026. 11. 22. */
export function shortDay(language: string, at: number): string {
  return format(language, { year: 'numeric', month: 'numeric', day: 'numeric' }, at);
}

/** 일 월 화 … from Sunday on. */
export function weekdayNames(language: string): string[] {
  const sunday = new Date(2026, 1, 1);
  return Array.from({ length: 7 }, (_, i) =>
    format(language, { weekday: 'short' }, new Date(2026, 1, sunday.getDate() + i).getTime()),
  );
}

/** 2026년 11월 22일 오후 2:41 */
export function fullTime(language: string, at: number): string {
  return `${format(language, { dateStyle: 'long' }, at)} ${clockTime(language, at)}`;
}

/** As short as the distance allows: 오후 2:41, `yesterday`, 11월 20일, 2025. 11. 20. */
export function listTime(language: string, at: number, now: number, yesterday: string): string {
  if (at === 0) return '';
  if (sameDay(at, now)) return clockTime(language, at);
  if (sameDay(at, startOfDay(now) - 1)) return yesterday;
  if (new Date(at).getFullYear() === new Date(now).getFullYear()) {
    return format(language, { month: language.startsWith('ko') ? 'long' : 'short', day: 'numeric' }, at);
  }
  return format(language, { year: 'numeric', month: 'numeric', day: 'numeric' }, at);
}
