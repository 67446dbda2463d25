-- +goose Up
-- A file's row comes before its bytes (blob_name says which) and goes before they do. room_id is where it was meant to be
-- sent, and says nothing about who may see it. name_key is the name as package search folds it.
create table files (
  id bigint not null auto_increment primary key,
  file_uuid char(36) character set ascii collate ascii_bin not null unique,
  uploader_id bigint not null,
  room_id bigint,
  name varchar(255) not null,
  name_key text not null,
  extension varchar(32) not null,
  size bigint not null,
  received bigint not null default 0,
  state varchar(16) character set ascii collate ascii_bin not null,
  blob_name varchar(64) character set ascii collate ascii_bin not null unique,
  said_sha256 varchar(64) character set ascii collate ascii_bin not null default '',
  sha256 varchar(64) character set ascii collate ascii_bin not null default '',
  type varchar(255) character set ascii collate ascii_bin not null default '',
  width bigint not null default 0,
  height bigint not null default 0,
  thumbnail tinyint not null default 0,
  unscanned tinyint not null default 0,
  refusal text,
  created_at bigint not null,
  updated_at bigint not null,
  -- When it was first hung on a message, when the last of its messages was deleted, when retention removed its bytes.
  sent_at bigint,
  unused_at bigint,
  gone_at bigint,
  foreign key (uploader_id) references users (id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
-- What the collector looks for, and who must be checked after a restart.
create index files_unsent on files (sent_at, updated_at);
create index files_unused on files (unused_at, id);
create index files_retained on files (gone_at, sent_at);
create index files_state on files (state, id);

-- The files of messages. No foreign keys: it is written beside messages. A deleted message has none.
create table message_files (
  message_id bigint not null,
  position bigint not null,
  file_id bigint not null,
  room_id bigint not null,
  seq bigint not null,
  primary key (message_id, position)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
create index message_files_room on message_files (room_id, seq, position);
create index message_files_file on message_files (file_id);

-- What the kept files of a person take, and with user_id 0 those of everybody: a quota is held by the lock of these rows.
create table file_usage (
  user_id bigint not null primary key,
  bytes bigint not null,
  files bigint not null
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

-- One row, id 1, once somebody changed the usual policy. types is a JSON array.
create table file_policy (
  id bigint not null primary key,
  max_bytes bigint not null,
  types text not null,
  person_quota bigint not null,
  total_quota bigint not null,
  retention_days bigint not null,
  unscanned varchar(16) character set ascii collate ascii_bin not null,
  rev bigint not null
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
