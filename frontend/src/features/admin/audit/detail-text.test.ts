import { expect, test } from 'vitest';
import { detailText } from './detail-text';

test.each([
  ['{"format":"csv"}', 'format: csv'],
  ['{"fields":["grade","position"],"rows":3}', 'fields: grade, position · rows: 3'],
  ['{"on":false,"until":null,"reason":""}', 'on: false'],
  ['{"old":{"days":3}}', 'old: {"days":3}'],
  ['{}', ''],
  ['퇴사', '퇴사'],
  ['user → auditor: 감사 담당', 'user → auditor: 감사 담당'],
  ['{"cut":', '{"cut":'],
  ['42', '42'],
  ['', ''],
])('%s is read as “%s”', (detail, text) => {
  expect(detailText(detail)).toBe(text);
});
