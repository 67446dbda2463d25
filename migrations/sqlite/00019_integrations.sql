-- +goose Up
-- Integrations speak as users of the state bot, who have no password, no user name and no role. icon is an emoji.
alter table users add column icon text not null default '';

-- Webhooks and tokens. secret_hash is of what a caller shows; an outgoing hook has none, its key follows from the master secret,
-- integration_uuid and generation. failures and failing_since are of an outgoing hook, in a row; worker hands its messages over
-- until worker_until. Rows stay when one is removed: its bot's messages do.
create table integrations (
  id integer primary key autoincrement,
  integration_uuid text not null unique,
  kind text not null,
  state text not null,
  bot_id integer not null references users (id),
  scopes text not null default '',
  secret_hash text unique,
  generation integer not null default 1,
  url text not null default '',
  created_by integer not null references users (id),
  created_at integer not null,
  expires_at integer,
  last_used_at integer not null default 0,
  last_failure text not null default '',
  last_status integer not null default 0,
  last_failed_at integer not null default 0,
  failures integer not null default 0,
  failing_since integer not null default 0,
  next_try_at integer not null default 0,
  skipped integer not null default 0,
  worker text not null default '',
  worker_until integer not null default 0
) strict;
create index integrations_state on integrations (state, kind, next_try_at);
create index integrations_bot on integrations (bot_id);

-- The rooms that one was let into. It reads what comes after after_seq; an outgoing hook has handed over what is up to it.
create table integration_rooms (
  integration_id integer not null references integrations (id),
  room_id integer not null references rooms (id),
  after_seq integer not null,
  primary key (integration_id, room_id)
) strict, without rowid;
create index integration_rooms_room on integration_rooms (room_id);
