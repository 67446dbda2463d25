-- +goose Up
-- A code that somebody carries to a person by hand, and that he exchanges for a password of his own: purpose reset (made by
-- an administrator for a lost device) or initial (an account that was imported). One holds per person and purpose.
create table one_time_codes (
  id bigint not null auto_increment primary key,
  user_id bigint not null,
  purpose varchar(32) character set ascii collate ascii_bin not null,
  code_hash char(64) character set ascii collate ascii_bin not null,
  tries bigint not null default 0,
  created_at bigint not null,
  created_by bigint,
  expires_at bigint not null,
  unique (user_id, purpose),
  foreign key (user_id) references users (id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
create index one_time_codes_expiry on one_time_codes (expires_at);

-- Requests for a new password. user_id is null when nobody matches what was typed: such a row is stored all the same, so that
-- its asker learns nothing. username, employee_id and department are what was typed.
create table password_resets (
  id bigint not null auto_increment primary key,
  user_id bigint,
  username varchar(200) not null,
  employee_id varchar(200) not null,
  department varchar(200) not null,
  secret_hash char(64) character set ascii collate ascii_bin not null unique,
  compare_code varchar(32) character set ascii collate ascii_bin not null,
  state varchar(32) character set ascii collate ascii_bin not null,
  reason varchar(1000) not null default '',
  remote_addr varchar(64) not null default '',
  requested_at bigint not null,
  expires_at bigint not null,
  processed_at bigint,
  processed_by bigint,
  foreign key (user_id) references users (id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
create index password_resets_state on password_resets (state, expires_at);
create index password_resets_user on password_resets (user_id, state);
create index password_resets_age on password_resets (requested_at);

-- version says which key made an entry's hash: 1 the master secret's, 2 the audit key's.
alter table audit add column version bigint not null default 1;
create index audit_actor on audit (actor_id, id);
create index audit_subject on audit (subject, id);
create index audit_action on audit (action, id);

-- People who are deleted with a backup, and their archives. name is the person's, for who looks for the archive; it is erased
-- with it. The archive lies in the data directory under backup_uuid.
create table backups (
  id bigint not null auto_increment primary key,
  backup_uuid char(36) character set ascii collate ascii_bin not null unique,
  user_id bigint not null,
  name varchar(200) not null,
  reason varchar(1000) not null,
  state varchar(32) character set ascii collate ascii_bin not null,
  failure varchar(1000) not null default '',
  protected tinyint not null default 0,
  rooms bigint not null default 0,
  rooms_done bigint not null default 0,
  messages bigint not null default 0,
  files bigint not null default 0,
  size bigint not null default 0,
  sha256 varchar(64) character set ascii collate ascii_bin not null default '',
  requested_by bigint,
  requested_at bigint not null,
  updated_at bigint not null,
  finished_at bigint,
  expires_at bigint not null,
  foreign key (user_id) references users (id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
create index backups_state on backups (state, expires_at);
create index backups_user on backups (user_id, state);

-- Requests to read others' conversations: asked by one, allowed by another, over by themselves.
create table access_requests (
  id bigint not null auto_increment primary key,
  access_uuid char(36) character set ascii collate ascii_bin not null unique,
  subject_kind varchar(32) character set ascii collate ascii_bin not null,
  subject_id bigint not null,
  reason varchar(1000) not null,
  period_from bigint not null,
  period_to bigint not null,
  state varchar(32) character set ascii collate ascii_bin not null,
  requested_by bigint not null,
  requested_at bigint not null,
  decided_by bigint,
  decided_at bigint,
  expires_at bigint not null,
  foreign key (requested_by) references users (id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
create index access_requests_state on access_requests (state, expires_at);

-- How many messages people wrote in each hour since 1970, filled behind them up to the message_id in the counter
-- message_hours.
create table message_hours (
  hour bigint not null primary key,
  messages bigint not null
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
create index files_kinds on files (state, extension, size);
create index users_created on users (created_at);
