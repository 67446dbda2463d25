-- +goose Up
create table counters (
  name text primary key,
  value integer not null
) strict;
insert into counters (name, value) values ('directory_rev', 0);

create table departments (
  id integer primary key autoincrement,
  department_uuid text not null unique,
  parent_id integer references departments (id),
  name text not null,
  head_user_id integer,
  sort integer not null default 0,
  rev integer not null,
  created_at integer not null,
  deleted_at integer
) strict;
create index departments_rev on departments (rev);

create table users (
  id integer primary key autoincrement,
  user_uuid text not null unique,
  username text not null,
  username_key text unique,
  employee_id text not null,
  employee_id_key text unique,
  email text not null,
  email_key text unique,
  name text not null,
  birth_date text not null default '',
  position text not null default '',
  grade text not null default '',
  department text not null default '',
  department_id integer references departments (id),
  phone text not null default '',
  status_text text not null default '',
  password_hash text not null,
  role text not null,
  state text not null,
  reject_reason text not null default '',
  register_token_hash text unique,
  rev integer not null default 0,
  created_at integer not null,
  updated_at integer not null,
  decided_at integer,
  decided_by integer,
  deleted_at integer
) strict;
create index users_rev on users (rev);
create index users_state on users (state, id);

create table devices (
  id integer primary key autoincrement,
  device_uuid text not null,
  user_id integer not null references users (id),
  name text not null default '',
  platform text not null default '',
  app_version text not null default '',
  created_at integer not null,
  last_seen_at integer not null,
  unique (user_id, device_uuid)
) strict;

create table sessions (
  id integer primary key autoincrement,
  session_uuid text not null unique,
  user_id integer not null references users (id),
  device_id integer not null references devices (id),
  remote_addr text not null default '',
  created_at integer not null,
  last_seen_at integer not null,
  expires_at integer not null,
  revoked_at integer,
  revoke_reason text not null default ''
) strict;
create index sessions_user on sessions (user_id, revoked_at);
create index sessions_revoked on sessions (revoked_at);

create table refresh_tokens (
  id integer primary key autoincrement,
  session_id integer not null references sessions (id),
  token_hash text not null unique,
  created_at integer not null,
  expires_at integer not null,
  used_at integer,
  successor_id integer
) strict;
create index refresh_tokens_session on refresh_tokens (session_id);

create table rooms (
  id integer primary key autoincrement,
  room_uuid text not null unique,
  kind text not null,
  name text not null default '',
  direct_key text unique,
  create_key text unique,
  history text not null default 'joined',
  created_by integer references users (id),
  created_at integer not null,
  last_seq integer not null default 0,
  rev integer not null default 0,
  meta_rev integer not null default 0,
  last_message_at integer not null default 0,
  changed_at integer not null,
  closed_at integer
) strict;
create index rooms_changed on rooms (changed_at);

create table room_members (
  room_id integer not null references rooms (id),
  user_id integer not null references users (id),
  role text not null,
  joined_seq integer not null,
  joined_at integer not null,
  left_seq integer,
  left_at integer,
  last_read_seq integer not null,
  last_read_at integer not null default 0,
  my_rev integer not null default 1,
  muted_until integer,
  favourite integer not null default 0,
  hidden_seq integer not null default -1,
  primary key (room_id, user_id)
) strict, without rowid;
create index room_members_user on room_members (user_id, room_id);

-- No foreign keys here: every insert of the hot path would look up two parents that the same transaction holds already.
create table messages (
  id integer primary key autoincrement,
  room_id integer not null,
  seq integer not null,
  rev integer not null,
  kind text not null,
  sender_id integer not null,
  client_id text not null,
  text text not null,
  system_notice text,
  created_at integer not null,
  edited_at integer,
  deleted_at integer,
  deleted_by integer,
  reply_to_seq integer,
  forwarded_from integer,
  pinned integer not null default 0,
  unique (room_id, seq),
  unique (sender_id, client_id)
) strict;
create index messages_rev on messages (room_id, rev);

create table message_edits (
  id integer primary key autoincrement,
  message_id integer not null references messages (id),
  text text not null,
  edited_by integer not null,
  edited_at integer not null
) strict;
create index message_edits_message on message_edits (message_id);

create table message_mentions (
  message_id integer not null references messages (id),
  user_id integer not null references users (id),
  primary key (message_id, user_id)
) strict, without rowid;

create table reactions (
  message_id integer not null references messages (id),
  user_id integer not null references users (id),
  emoji text not null,
  created_at integer not null,
  primary key (message_id, user_id, emoji)
) strict, without rowid;

create table settings (
  name text primary key,
  value text not null,
  updated_at integer not null,
  updated_by integer
) strict;

create table audit (
  id integer primary key autoincrement,
  at integer not null,
  actor_id integer,
  action text not null,
  subject text not null default '',
  detail text not null default '{}',
  remote_addr text not null default '',
  prev_hash text not null,
  hash text not null
) strict;
create index audit_at on audit (at);
