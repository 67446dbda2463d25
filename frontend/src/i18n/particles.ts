/**
 * Korean particles that fit what stands before them: 김민수를, 회의실로, HR을, 3으로, ‘공지’를, 총무팀(본사)이.
 *
 * What is written here is heard first: a particle goes by the last sound, so brackets at the end count as not written
 * (한글 맞춤법: what they hold may be left out), and quotation marks and emoji have no sound.
 */

/** How a word ends for the particle behind it. `rieul` takes 로 as a vowel does, and else what a consonant takes. */
type Ending = 'vowel' | 'rieul' | 'consonant';

/** The particles that change, each as it stands behind a consonant and behind a vowel. */
export const particlePairs = ['을/를', '이/가', '은/는', '과/와', '으로/로'] as const;

/** One of them, named as it is written in a text: {{name, 을/를}}. */
export type ParticlePair = (typeof particlePairs)[number];

const firstSyllable = 0xac00;
const lastSyllable = 0xd7a3;
const finals = 28;
const rieul = 8;

function hangulEnding(code: number): Ending {
  const final = (code - firstSyllable) % finals;
  if (final === 0) return 'vowel';
  return final === rieul ? 'rieul' : 'consonant';
}

/** 영 일 이 삼 사 오 육 칠 팔 구; what ends in zeros ends in 십, 백, 천, 만 or 억, which all have a consonant. */
const digitEndings: readonly Ending[] = [
  'consonant',
  'rieul',
  'vowel',
  'consonant',
  'vowel',
  'vowel',
  'consonant',
  'rieul',
  'rieul',
  'vowel',
];

/** 엘 엠 엔 알: the letters whose names end in a consonant. */
const letterEndings: Readonly<Record<string, Ending>> = { L: 'rieul', M: 'consonant', N: 'consonant', R: 'rieul' };

/** How a Latin word is usually written in Korean; there is no rule without exceptions, and a dictionary isn't worth it. */
function latinEnding(word: string): Ending {
  if (word.length === 1 || word === word.toUpperCase()) {
    return letterEndings[word.slice(-1).toUpperCase()] ?? 'vowel';
  }
  const lower = word.toLowerCase();
  if (/(?:l|le)$/.test(lower)) return 'rieul'; // 메일, 파일, 구글
  if (/(?:[mn]|[aiou][mn]e|ng)$/.test(lower)) return 'consonant'; // 팀, 라인, 미팅
  return /(?:[aeiou][bkp]|[ckp][kp])$/.test(lower) ? 'consonant' : 'vowel'; // 웹, 그룹, 슬랙; 서버, 프로젝트
}

/** Takes off the brackets at the end, if something stands before them. */
function withoutBrackets(text: string): string {
  const before = text.replace(/[\s'"’”」』]*(?:\([^()]*\)|\[[^[\]]*\]|（[^（）]*）)[\s'"’”」』]*$/u, '');
  return /[\p{L}\p{N}]/u.test(before) ? before : text;
}

/** Returns how a text sounds at its end, and null for what has no sound that is known: an emoji, 漢字. */
function endingOf(text: string): Ending | null {
  const heard = /[\p{L}\p{N}](?=[^\p{L}\p{N}]*$)/u.exec(withoutBrackets(text));
  if (!heard) return null;
  const code = heard[0].charCodeAt(0);
  if (code >= firstSyllable && code <= lastSyllable) return hangulEnding(code);
  if (/\d/.test(heard[0])) return digitEndings[Number(heard[0])] ?? null;
  const word = /[A-Za-z]+$/.exec(heard.input.slice(0, heard.index + 1))?.[0];
  return word ? latinEnding(word) : null;
}

/** Returns the particle of the pair that fits behind a text, or both, 을(를), where nobody can know. */
export function particle(text: string, pair: ParticlePair): string {
  const [closed = '', open = ''] = pair.split('/');
  const ending = endingOf(text.normalize('NFC'));
  if (ending === null) return pair === '으로/로' ? '(으)로' : `${closed}(${open})`;
  return ending === 'vowel' || (ending === 'rieul' && pair === '으로/로') ? open : closed;
}
