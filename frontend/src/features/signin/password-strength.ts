/** How well a new password holds: too short, or one of three marks. The server decides; this helps while typing. */
export type Strength = 'short' | 'weak' | 'fair' | 'good';

const shortest = 8; // wire.MinPasswordRunes
const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\p{N}/u, /[^\p{L}\p{N}]/u, /\p{Lo}/u];

/** The strength of a password, seen beside the user name that it must not repeat. */
export function passwordStrength(password: string, username: string): Strength {
  const runes = [...password];
  if (runes.length < shortest) return 'short';
  const different = new Set(runes).size;
  const variety = kinds.filter((kind) => kind.test(password)).length;
  const repeatsName = username !== '' && password.toLowerCase().includes(username.toLowerCase());
  if (different < 5 || repeatsName || (variety === 1 && runes.length < 14)) return 'weak';
  return runes.length >= 14 || variety >= 3 ? 'good' : 'fair';
}
