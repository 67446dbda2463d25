import { expect, test } from 'vitest';
import { canRetry } from './retry';

test.each([
  ['unsupported_type', 'file_type', false],
  ['unsupported_type', 'file_content', false],
  ['unsupported_type', 'file_image', false],
  ['unsupported_type', 'file_archive', false],
  ['unsupported_type', 'file_encrypted', false],
  ['unsupported_type', 'file_infected', false],
  ['too_large', 'file_too_large', false],
  ['bad_request', 'file_empty', false],
  ['bad_request', 'file_name', false],
  ['conflict', 'file_changed', false],
  ['conflict', 'file_used', false],
  ['too_large', 'person_quota', false],
  ['too_large', 'total_quota', false],
  ['not_found', 'file_gone', false],
  ['not_found', 'file_deleted', false],
  ['not_found', 'file_unknown', false],
  ['forbidden', 'file_forbidden', false],
  ['unavailable', 'disk_full', true],
  ['bad_request', 'disk_full', true], // this device's
  ['unavailable', 'file_unscanned', true],
  ['unavailable', 'busy', true],
  ['conflict', 'file_checksum', true],
  ['conflict', 'file_not_ready', true],
  ['bad_request', 'file_unreadable', true],
  ['not_found', 'file_vanished', true],
  ['bad_request', 'target', true],
  ['offline', '', true],
  ['timeout', '', true],
  ['store', '', true],
  ['internal', '', true],
  ['rate_limited', '', true],
  ['not_found', '', false],
  ['forbidden', '', false],
  ['unsupported_type', '', false],
])('%s %s', (code, reason, offered) => {
  expect(canRetry({ code, reason })).toBe(offered);
});

test('a failure that nobody explained is worth a try', () => {
  expect(canRetry(undefined)).toBe(true);
});
