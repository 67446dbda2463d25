import { useTranslation } from 'react-i18next';
import type { HealthLine } from '@/bridge/types';
import { fileSize } from '@/components/file-names';
import { fullTime } from '@/i18n/time';
import type { resources } from '@/i18n/resources';

type HealthTexts = (typeof resources)['ko']['health'];
type LineName = keyof HealthTexts['line'];
type Cause = keyof HealthTexts['cause'];
type ToDo = keyof HealthTexts['todo'];

const states = ['ok', 'warn', 'bad', 'off'] as const;
const second = 1_000;

/** Versions with the number of their devices, the newest first. */
function versions(figures: Record<string, number>): string {
  return Object.entries(figures)
    .toSorted(([one], [other]) => other.localeCompare(one, 'en', { numeric: true }))
    .map(([version, count]) => `${version === '' ? '?' : version}: ${count}`)
    .join(', ');
}

/** A line's words: what it is, how it is, why, and what to do. A server newer than this page may know other lines. */
export function useHealthWords(line: HealthLine) {
  const { t, i18n } = useTranslation('health');
  const figures = line.figures ?? {};
  const said = `${line.name}_${line.cause ?? ''}`;
  const at = (figure: number | undefined) => (figure ? fullTime(i18n.language, figure) : '');
  const values = {
    free: fileSize(figures['free'] ?? 0),
    total: fileSize(figures['total'] ?? 0),
    bytes: fileSize(figures['bytes'] ?? 0),
    latency: ((figures['latency_us'] ?? 0) / 1_000).toFixed(1),
    sockets: figures['sockets'] ?? 0,
    people: figures['people'] ?? 0,
    messages: figures['messages'] ?? 0,
    reads: figures['reads'] ?? 0,
    rooms: figures['rooms'] ?? 0,
    until: at(figures['until']),
    at: at(figures['at']),
    changed: figures['changed'] ?? 0,
    left: figures['left'] ?? 0,
    problems: figures['problems'] ?? 0,
    nodes: figures['nodes'] ?? 0,
    seconds: Math.round(Math.abs(figures['off'] ?? 0) / second),
    text: line.text ?? '',
    versions: line.name === 'apps' ? versions(figures) : '',
  };
  const known = (kind: string) => i18n.exists(`${kind}.${said}`, { ns: 'health' });
  return {
    state: states.find((one) => one === line.state) ?? 'off',
    name: i18n.exists(`line.${line.name}`, { ns: 'health' }) ? t(`line.${line.name as LineName}`) : line.name,
    facts:
      line.figures && i18n.exists(`facts.${line.name}`, { ns: 'health' })
        ? t(`facts.${line.name as keyof HealthTexts['facts']}`, values)
        : '',
    cause: known('cause') ? t(`cause.${said as Cause}`, values) : '',
    toDo: known('todo') ? t(`todo.${said as ToDo}`, values) : '',
  };
}
