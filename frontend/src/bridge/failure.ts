import type { Failure } from './types';

function isFailure(error: unknown): error is Failure {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string';
}

/** Wails' runtime makes an Error of every rejection; shell's formatter puts the Failure into its message as JSON. */
function fromMessage(message: string): Failure | undefined {
  if (!message.startsWith('{')) return undefined;
  try {
    const parsed: unknown = JSON.parse(message);
    return isFailure(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** Makes a Failure of what a call rejected with. Anything but a Failure is a defect and becomes "internal". */
export function asFailure(error: unknown): Failure {
  if (isFailure(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  return fromMessage(message) ?? { code: 'internal', reason: '', message, request_id: '', retry_ms: 0 };
}
