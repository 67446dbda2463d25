/** What the people of the fake bridge say. Deterministic, so that pictures and tests repeat. */

/** Short office talk, for long histories. */
export const smallTalk: readonly string[] = [
  '네, 확인했습니다.',
  '오전 회의는 10시로 하겠습니다.',
  '자료 공유드려요. 검토 부탁드립니다.',
  '감사합니다!',
  '혹시 어제 말씀드린 건은 어떻게 되었을까요?',
  '지금 통화 가능하세요?',
  '점심 먹고 다시 보겠습니다 :)',
  '배포는 오늘 저녁 6시에 진행합니다. 그 전까지 코드 리뷰를 마쳐 주시면 감사하겠습니다.',
  '고객사에서 일정 조정을 요청했습니다. 다음 주 화요일 오후나 수요일 오전 중에 가능하신 시간을 알려 주세요. 회의실은 제가 잡아 두겠습니다.',
  '좋습니다 👍',
  '이번 주 금요일까지 초안을 보내드리겠습니다.',
  '참고: https://wiki.hanbit.example/release/checklist?page=2 여기에 정리해 두었어요.',
  '수고 많으셨습니다.',
  '회의록입니다.\n1. 출시일 12월 3일 확정\n2. 보도자료 11월 25일 배포\n3. 테스트 기간 2주',
  '넵',
  '내일 재택입니다. 급한 건은 전화 주세요.',
  '방금 올린 문서에서 3쪽 표가 깨져 보이는데 저만 그런가요?',
  '테스트 서버는 재시작했습니다. 다시 확인해 보시겠어요?',
];

/** What a simulated colleague answers. */
export const answers: readonly string[] = [
  '네, 알겠습니다!',
  '확인하고 바로 말씀드릴게요.',
  '좋습니다. 그렇게 진행하시죠.',
  '감사합니다 :)',
  '잠시 회의 중이라 끝나고 답드리겠습니다.',
];

/** A long text, to see how it folds. */
export const longText = Array.from(
  { length: 42 },
  (_, index) =>
    `${index + 1}. ${['로그인 화면 문구 확인', '가입 승인 알림 메일 점검', '모바일 폭에서 표 정렬 확인', '오프라인 전송 재시도'][index % 4]} – 담당 확인 후 표시`,
).join('\n');

/** A small repeatable random source: the same seed gives the same numbers, each from 0 up to 1. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}
