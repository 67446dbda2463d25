-- +goose Up
-- A code that somebody carries to a person by hand, and that he exchanges for a password of his own: purpose reset (made by
-- an administrator for a lost device) or initial (an account that was imported). One holds per person and purpose.
create table one_time_codes (
  id integer primary key autoincrement,
  user_id integer not null references users (id),
  purpose text not null,
  code_hash text not null,
  tries integer not null default 0,
  created_at integer not null,
  created_by integer,
  expires_at integer not null,
  unique (user_id, purpose)
) strict;
create index one_time_codes_expiry on one_time_codes (expires_at);

-- Requests for a new password. user_id is null when nobody matches what was typed: such a row is stored all the same, so that
-- its asker learns nothing. username, employee_id and department are what was typed.
create table password_resets (
  id integer primary key autoincrement,
  user_id integer references users (id),
  username text not null,
  employee_id text not null,
  department text not null,
  secret_hash text not null unique,
  compare_code text not null,
  state text not null,
  reason text not null default '',
  remote_addr text not null default '',
  requested_at integer not null,
  expires_at integer not null,
  processed_at integer,
  processed_by integer
) strict;
create index password_resets_state on password_resets (state, expires_at);
create index password_resets_user on password_resets (user_id, state);
create index password_resets_age on password_resets (requested_at);

-- version says which key made an entry's hash: 1 the master secret's, 2 the audit key's.
alter table audit add column version integer not null default 1;
create index audit_actor on audit (actor_id, id);
create index audit_subject on audit (subject, id);
create index audit_action on audit (action, id);

-- People who are deleted with a backup, and their archives. name is the person's, for who looks for the archive; it is erased
-- with it. The archive lies in the data directory under backup_uuid.
create table backups (
  id integer primary key autoincrement,
  backup_uuid text not null unique,
  user_id integer not null references users (id),
  name text not null,
  reason text not null,
  state text not null,
  failure text not null default '',
  protected integer not null default 0,
  rooms integer not null default 0,
  rooms_done integer not null default 0,
  messages integer not null default 0,
  files integer not null default 0,
  size integer not null default 0,
  sha256 text not null default '',
  requested_by integer,
  requested_at integer not null,
  updated_at integer not null,
  finished_at integer,
  expires_at integer not null
) strict;
create index backups_state on backups (state, expires_at);
create index backups_user on backups (user_id, state);

-- Requests to read others' conversations: asked by one, allowed by another, over by themselves.
create table access_requests (
  id integer primary key autoincrement,
  access_uuid text not null unique,
  subject_kind text not null,
  subject_id integer not null,
  reason text not null,
  period_from integer not null,
  period_to integer not null,
  state text not null,
  requested_by integer not null references users (id),
  requested_at integer not null,
  decided_by integer,
  decided_at integer,
  expires_at integer not null
) strict;
create index access_requests_state on access_requests (state, expires_at);

-- How many messages people wrote in each hour since 1970, filled behind them up to the message_id in the counter
-- message_hours.
create table message_hours (
  hour integer primary key,
  messages integer not null
) strict;
create index files_kinds on files (state, extension, size);
create index users_created on users (created_at);
