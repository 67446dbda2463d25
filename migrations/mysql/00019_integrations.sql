-- +goose Up
-- Integrations speak as users of the state bot, who have no password, no user name and no role. icon is an emoji.
alter table users add column icon varchar(64) not null default '';

-- Webhooks and tokens. secret_hash is of what a caller shows; an outgoing hook has none, its key follows from the master secret,
-- integration_uuid and generation. failures and failing_since are of an outgoing hook, in a row; worker hands its messages over
-- until worker_until. Rows stay when one is removed: its bot's messages do.
create table integrations (
  id bigint not null auto_increment primary key,
  integration_uuid char(36) character set ascii collate ascii_bin not null unique,
  kind varchar(16) not null,
  state varchar(16) not null,
  bot_id bigint not null,
  scopes varchar(200) not null default '',
  secret_hash char(64) character set ascii collate ascii_bin unique,
  generation bigint not null default 1,
  url varchar(2000) not null default '',
  created_by bigint not null,
  created_at bigint not null,
  expires_at bigint,
  last_used_at bigint not null default 0,
  last_failure varchar(16) not null default '',
  last_status bigint not null default 0,
  last_failed_at bigint not null default 0,
  failures bigint not null default 0,
  failing_since bigint not null default 0,
  next_try_at bigint not null default 0,
  skipped bigint not null default 0,
  worker varchar(200) not null default '',
  worker_until bigint not null default 0,
  foreign key (bot_id) references users (id),
  foreign key (created_by) references users (id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
create index integrations_state on integrations (state, kind, next_try_at);
create index integrations_bot on integrations (bot_id);

-- The rooms that one was let into. It reads what comes after after_seq; an outgoing hook has handed over what is up to it.
create table integration_rooms (
  integration_id bigint not null,
  room_id bigint not null,
  after_seq bigint not null,
  primary key (integration_id, room_id),
  foreign key (integration_id) references integrations (id),
  foreign key (room_id) references rooms (id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
create index integration_rooms_room on integration_rooms (room_id);
