import { expect, test } from 'vitest';
import { createI18n } from './i18n';
import { particle, particlePairs } from './particles';

test.each([
  ['김민수', '김민수를 김민수가 김민수는 김민수와 김민수로'],
  ['김하늘', '김하늘을 김하늘이 김하늘은 김하늘과 김하늘로'],
  ['박서준', '박서준을 박서준이 박서준은 박서준과 박서준으로'],
  ['박서준 ', '박서준 을 박서준 이 박서준 은 박서준 과 박서준 으로'],
  ['서준'.normalize('NFD'), ['을', '이', '은', '과', '으로'].map((end) => '서준'.normalize('NFD') + end).join(' ')],
  ['총무팀(본사)', '총무팀(본사)을 총무팀(본사)이 총무팀(본사)은 총무팀(본사)과 총무팀(본사)으로'],
  ['회의 [긴급]', '회의 [긴급]를 회의 [긴급]가 회의 [긴급]는 회의 [긴급]와 회의 [긴급]로'],
  ['(주)한빛', '(주)한빛을 (주)한빛이 (주)한빛은 (주)한빛과 (주)한빛으로'],
  ['[공지]', '[공지]를 [공지]가 [공지]는 [공지]와 [공지]로'],
  ['‘점심’', '‘점심’을 ‘점심’이 ‘점심’은 ‘점심’과 ‘점심’으로'],
  ['"서울"', '"서울"을 "서울"이 "서울"은 "서울"과 "서울"로'],
  ['축구 ⚽️', '축구 ⚽️를 축구 ⚽️가 축구 ⚽️는 축구 ⚽️와 축구 ⚽️로'],
  ['🎉', '🎉을(를) 🎉이(가) 🎉은(는) 🎉과(와) 🎉(으)로'],
  ['漢字', '漢字을(를) 漢字이(가) 漢字은(는) 漢字과(와) 漢字(으)로'],
  ['', '을(를) 이(가) 은(는) 과(와) (으)로'],
  ['HR', 'HR을 HR이 HR은 HR과 HR로'],
  ['QA', 'QA를 QA가 QA는 QA와 QA로'],
  ['PM', 'PM을 PM이 PM은 PM과 PM으로'],
  ['Mail', 'Mail을 Mail이 Mail은 Mail과 Mail로'],
  ['Google', 'Google을 Google이 Google은 Google과 Google로'],
  ['Server', 'Server를 Server가 Server는 Server와 Server로'],
  ['Design Team', 'Design Team을 Design Team이 Design Team은 Design Team과 Design Team으로'],
  ['Meeting', 'Meeting을 Meeting이 Meeting은 Meeting과 Meeting으로'],
  ['group', 'group을 group이 group은 group과 group으로'],
  ['Slack', 'Slack을 Slack이 Slack은 Slack과 Slack으로'],
  ['Project B', 'Project B를 Project B가 Project B는 Project B와 Project B로'],
  ['A1', 'A1을 A1이 A1은 A1과 A1로'],
  ['2026', '2026을 2026이 2026은 2026과 2026으로'],
  ['2.5', '2.5를 2.5가 2.5는 2.5와 2.5로'],
  ['100', '100을 100이 100은 100과 100으로'],
  ['8', '8을 8이 8은 8과 8로'],
])('%j', (name, wanted) => {
  expect(particlePairs.map((pair) => name + particle(name, pair)).join(' ')).toBe(wanted);
});

test('a text writes the particle behind the quotation mark, and what people wrote is never read as one', () => {
  const { t } = createI18n('ko');
  const renamed = (name: string) => t('chat:system.renamed', { actor: '한서진 님', name });
  expect(renamed('개발1팀')).toBe('한서진 님이 방 이름을 ‘개발1팀’으로 바꿨습니다');
  expect(renamed('회의실')).toBe('한서진 님이 방 이름을 ‘회의실’로 바꿨습니다');
  expect(renamed('{{name, 을/를}}')).toContain('‘{{name, 을/를}}’');
});

test.each([
  ['ko', 1, '이 규칙으로 메시지 1개와 파일 1개(1MB)가 지워집니다.'],
  ['ko', 1200, '이 규칙으로 메시지 1,200개와 파일 1,200개(1MB)가 지워집니다.'],
  ['en', 1, 'These rules delete 1 message and 1 file (1MB).'],
  ['en', 1200, 'These rules delete 1,200 messages and 1,200 files (1MB).'],
] as const)('several numbers in one text, %s %d', (language, count, wanted) => {
  const { t } = createI18n(language);
  expect(t('retention:goes', { messages: count, files: count, bytes: '1MB' })).toBe(wanted);
});
