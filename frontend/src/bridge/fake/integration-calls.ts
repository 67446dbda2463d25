/** The fake's answers about webhooks and tokens, for administrators. */
import type { Bridge } from '@/bridge/bridge';
import type { Integration, IntegrationSecret, NewIntegration } from '@/bridge/types';
import type { Answer } from './account-calls';
import { person } from './company';
import { pageAt } from './pages';
import type { FakeWorld } from './world';

export type IntegrationCalls = Pick<
  Bridge,
  'addIntegration' | 'integrations' | 'removeIntegration' | 'rotateIntegration' | 'setIntegration'
>;

const day = 86_400_000;
const none: Omit<Integration, 'integration_uuid' | 'kind' | 'name' | 'icon' | 'bot_uuid' | 'created_at'> = {
  state: 'active',
  rooms: [],
  scopes: [],
  url: '',
  created_by: person(0).user_uuid,
  expires_at: 0,
  last_used_at: 0,
  last_failure: '',
  last_status: 0,
  last_failed_at: 0,
  failures: 0,
  next_try_at: 0,
  waiting: 0,
  skipped: 0,
};

const idOf = (index: number) => `00000000-0000-4000-e200-${String(index).padStart(12, '0')}`;

function firstIntegrations(world: FakeWorld): Integration[] {
  if (world.options.empty) return [];
  const now = world.now();
  const groups = [...world.rooms.values()]
    .map(({ room }) => room)
    .filter(({ kind }) => kind === 'group')
    .map(({ room_uuid, name }) => ({ room_uuid, name }));
  const made = (index: number, rest: Partial<Integration> & Pick<Integration, 'kind' | 'name' | 'icon'>) => ({
    ...none,
    integration_uuid: idOf(index),
    bot_uuid: idOf(1_000 + index),
    created_at: now - (40 - index) * day,
    rooms: groups.slice(0, 1),
    last_used_at: now - index * 3_600_000,
    ...rest,
  });
  return [
    made(1, {
      kind: 'outgoing',
      name: '주문 시스템',
      icon: '📦',
      url: 'https://orders.hanbit.example/hooks/himsg',
      failures: 4,
      last_failure: 'status',
      last_status: 503,
      last_failed_at: now - 40_000,
      next_try_at: now + 60_000,
      waiting: 12,
    }),
    made(2, { kind: 'incoming', name: '전자결재', icon: '✅' }),
    made(3, {
      kind: 'token',
      name: '배포 봇',
      icon: '🚀',
      scopes: ['messages:read', 'messages:write'],
      rooms: groups.slice(0, 3),
      expires_at: now + 52 * day,
    }),
    made(4, {
      kind: 'outgoing',
      state: 'failed',
      name: '옛 알림판',
      icon: '📊',
      url: 'https://board.hanbit.example/in',
      failures: 31,
      last_failure: 'tls',
      last_failed_at: now - 2 * day,
      waiting: 240,
      skipped: 1_204,
    }),
    made(5, {
      kind: 'token',
      state: 'expired',
      name: '인사 연계',
      icon: '🗓️',
      scopes: ['people:read'],
      rooms: [],
      expires_at: now - day,
    }),
    made(6, { kind: 'incoming', state: 'disabled', name: '서버 감시', icon: '🌡️', last_used_at: 0 }),
  ];
}

/** The calls of IntegrationCalls over a world. */
export function integrationCalls(world: FakeWorld, answer: Answer): IntegrationCalls {
  let held = firstIntegrations(world);
  const change = (id: string, to: Partial<Integration>) => {
    held = held.map((one) => (one.integration_uuid === id ? { ...one, ...to } : one));
    world.emit({
      admin: {
        pending_users: world.pending.length,
        pending_resets: world.resets.length,
        failed_hooks: held.filter(({ state }) => state === 'failed').length,
      },
    });
  };
  const secretOf = (integration: Integration): IntegrationSecret => {
    const word = { incoming: 'hook', outgoing: 'sign' }[integration.kind] ?? 'token';
    const secret = `himsg_${word}_q5Jr0V2m8yXw3bTzK1nLc7Ef9HsA4uDgPiR6oWvYxZk`;
    const address = integration.kind === 'incoming' ? `${world.state.server_address}/api/hooks/${secret}` : '';
    return { integration, secret, address };
  };
  return {
    integrations: async (before) => {
      await answer(undefined);
      const { items, next } = pageAt(held, before);
      return { integrations: items, next };
    },
    addIntegration: async (wanted: NewIntegration) => {
      await answer(undefined);
      const index = held.length + 1;
      const names = new Map([...world.rooms.values()].map(({ room }) => [room.room_uuid, room.name]));
      const made: Integration = {
        ...none,
        integration_uuid: idOf(index),
        bot_uuid: idOf(1_000 + index),
        kind: wanted.kind,
        name: wanted.name,
        icon: wanted.icon ?? '',
        url: wanted.url ?? '',
        scopes: wanted.scopes ?? [],
        rooms: (wanted.room_uuids ?? []).map((room) => ({ room_uuid: room, name: names.get(room) ?? '' })),
        created_at: world.now(),
        expires_at: wanted.expires_days ? world.now() + wanted.expires_days * day : 0,
      };
      held = [made, ...held];
      return secretOf(made);
    },
    rotateIntegration: async (id) => {
      await answer(undefined);
      const found = held.find((one) => one.integration_uuid === id) ?? held[0];
      if (!found) throw new Error('no such integration');
      return secretOf(found);
    },
    setIntegration: async (id, enabled, fromNow) => {
      await answer(undefined);
      change(id, {
        state: enabled ? 'active' : 'disabled',
        failures: 0,
        ...(enabled && fromNow ? { waiting: 0 } : {}),
      });
    },
    removeIntegration: async (id) => {
      await answer(undefined);
      held = held.filter((one) => one.integration_uuid !== id);
    },
  };
}
