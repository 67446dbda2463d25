/** Which refusals of a file trying again can change. Pure. */
import type { Failure } from '@/bridge/types';

/** By reason: whether the same file can fare better the next time, without anybody choosing it again. */
const byReason: Readonly<Record<string, boolean>> = {
  // The file is what it is, or too much for its owner: it would be refused again.
  file_too_large: false,
  file_empty: false,
  file_name: false,
  file_type: false,
  file_content: false,
  file_image: false,
  file_archive: false,
  file_encrypted: false,
  file_infected: false,
  file_folder: false,
  file_changed: false,
  file_used: false,
  too_many_files: false,
  person_quota: false,
  total_quota: false,
  // It can't be had any more.
  file_gone: false,
  file_deleted: false,
  file_unknown: false,
  file_forbidden: false,
  // Somebody makes room, the scanner comes back, a drive is plugged in, another program lets go of it.
  disk_full: true,
  file_unscanned: true,
  file_checksum: true,
  file_not_ready: true,
  file_unreadable: true,
  file_vanished: true,
  target: true,
  busy: true,
};

/** By code, where the reason says nothing; what is not named here (network, timeout, store, internal) passes. */
const byCode: Readonly<Record<string, boolean>> = {
  bad_request: false,
  forbidden: false,
  not_found: false,
  too_large: false,
  unsupported_type: false,
};

/** Reports whether to offer another try after a failure; after an unknown one, yes. */
export function canRetry(failure: Pick<Failure, 'code' | 'reason'> | undefined): boolean {
  return failure === undefined || (byReason[failure.reason] ?? byCode[failure.code] ?? true);
}
