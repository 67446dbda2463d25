import type { ImportRow } from '@/bridge/types';

/** The rows of an invented file, before or after it was applied. */
export function importRows(state: string): ImportRow[] {
  const row = (number: number, fate: string, name: string, more: Partial<ImportRow> = {}): ImportRow => ({
    row: number,
    fate: state === 'applied' ? ({ create: 'created', change: 'changed' }[fate] ?? fate) : fate,
    user_uuid: '',
    values: {
      employee_id: `E2030${number}`,
      name,
      department: '개발본부 > 개발3팀',
      email: `new${number}@hanbit.example`,
    },
    changes: [],
    problems: [],
    ...more,
  });
  return [
    row(2, 'create', '구본승'),
    row(3, 'create', '나은혜'),
    row(4, 'change', '정다은', { changes: [{ field: 'grade', from: '사원', to: '대리' }] }),
    row(5, 'change', '오세훈', { changes: [{ field: 'department', from: '영업2팀', to: '개발본부 > 개발3팀' }] }),
    row(6, 'unchanged', '홍길동'),
    row(7, 'error', '=SUM(A1)', { problems: [{ field: 'name', reason: 'value_formula', message: '' }] }),
  ];
}
