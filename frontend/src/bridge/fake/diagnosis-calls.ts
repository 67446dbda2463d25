/** The fake's diagnosis: a PC on which all is well, or one with many faults. */
import type { Bridge } from '@/bridge/bridge';
import type { Diagnosis, Finding } from '@/bridge/types';
import type { FakeWorld } from './world';

type Line = [check: string, state: string, code: string, fields?: Record<string, string>];

const well: Line[] = [
  ['policy', 'ok', 'holds', { source: '/etc/himsg/policy.toml' }],
  [
    'proxy',
    'ok',
    'by_script',
    { proxy: 'proxy.hanbit.example:3128', source: 'desktop', script: 'http://wpad.hanbit.example/proxy.pac' },
  ],
  ['name', 'skipped', 'by_proxy', { host: 'talk.hanbit.example' }],
  ['route', 'ok', 'open', { address: '10.20.0.5:3128' }],
  ['tls', 'ok', 'encrypted'],
  ['certificate', 'ok', 'trusted', { subject: 'talk.hanbit.example', issuer: '한빛상사 CA', until: '2027-08-01' }],
  ['clock', 'ok', 'right', { seconds: '1' }],
  ['server', 'ok', 'answers', { name: '한빛상사', version: '0.2.0' }],
  ['token', 'ok', 'holds'],
  ['socket', 'ok', 'opens'],
  ['store', 'ok', 'sound', { path: '~/.config/Hi_Msg', free_mb: '48120' }],
  ['keyring', 'ok', 'works'],
  ['notifications', 'ok', 'service', { name: 'xfce4-notifyd', version: '0.7.3' }],
  ['tray', 'ok', 'shown'],
  ['autostart', 'info', 'off'],
  ['ime', 'ok', 'runs', { running: 'ibus' }],
  ['fonts', 'ok', 'there', { name: 'Noto Sans CJK KR' }],
  ['webview', 'ok', 'version', { name: 'WebKitGTK', version: '2.50.1' }],
];

const faults: Line[] = [
  [
    'policy',
    'warn',
    'faults',
    { source: '/etc/himsg/policy.toml', count: '1', faults: 'idle_lock_minutes: bad_value 1 to 1440 minutes, not -5' },
  ],
  [
    'proxy',
    'warn',
    'script',
    {
      source: 'desktop',
      script: 'http://wpad.hanbit.example/proxy.pac',
      detail: 'fetch the PAC file: the server answers 404',
    },
  ],
  [
    'certificate',
    'bad',
    'wrong_name',
    { names: 'intra.hanbit.example', host: 'talk.hanbit.example', until: '2027-08-01' },
  ],
  ['clock', 'bad', 'behind', { here: '2025-11-26 08:10', server: '2026-11-26 08:10', seconds: '31536000' }],
  ['socket', 'bad', 'blocked', { detail: 'not_himsg' }],
  ['keyring', 'bad', 'no_answer'],
  ['notifications', 'bad', 'missing'],
  ['tray', 'warn', 'missing', { desktop: 'GNOME' }],
  ['ime', 'warn', 'not_running', { module: 'ibus', running: '' }],
];

const signedOut: Line[] = [
  ['token', 'info', 'signed_out'],
  ['socket', 'skipped', 'signed_out'],
];

function finding([check, state, code, fields]: Line): Finding {
  return { check, state, code, fields: fields ?? {}, ms: 12 };
}

/** The calls about it. */
export function diagnosisCalls(world: FakeWorld): Pick<Bridge, 'diagnose' | 'diagnosisText'> {
  return {
    diagnose: async () => {
      const lines = new Map(well.map((line) => [line[0], line]));
      if (world.options.diagnosis === 'faults') for (const line of faults) lines.set(line[0], line);
      if (world.state.phase !== 'signed_in') for (const line of signedOut) lines.set(line[0], line);
      const diagnosis: Diagnosis = { running: false, at: 0, findings: [...lines.values()].map(finding) };
      world.emit({ diagnosis });
      return diagnosis;
    },
    diagnosisText: async () => 'Hi_Msg 0.2.0 on linux/amd64\n',
  };
}
