-- +goose Up
-- A file's row comes before its bytes (blob_name says which) and goes before they do. room_id is where it was meant to be
-- sent, and says nothing about who may see it. name_key is the name as package search folds it.
create table files (
  id integer primary key autoincrement,
  file_uuid text not null unique,
  uploader_id integer not null references users (id),
  room_id integer,
  name text not null,
  name_key text not null,
  extension text not null,
  size integer not null,
  received integer not null default 0,
  state text not null,
  blob_name text not null unique,
  said_sha256 text not null default '',
  sha256 text not null default '',
  type text not null default '',
  width integer not null default 0,
  height integer not null default 0,
  thumbnail integer not null default 0,
  unscanned integer not null default 0,
  refusal text,
  created_at integer not null,
  updated_at integer not null,
  -- When it was first hung on a message, when the last of its messages was deleted, when retention removed its bytes.
  sent_at integer,
  unused_at integer,
  gone_at integer
) strict;
-- What the collector looks for, and who must be checked after a restart.
create index files_unsent on files (sent_at, updated_at);
create index files_unused on files (unused_at, id);
create index files_retained on files (gone_at, sent_at);
create index files_state on files (state, id);

-- The files of messages. No foreign keys: it is written beside messages. A deleted message has none.
create table message_files (
  message_id integer not null,
  position integer not null,
  file_id integer not null,
  room_id integer not null,
  seq integer not null,
  primary key (message_id, position)
) strict, without rowid;
create index message_files_room on message_files (room_id, seq, position);
create index message_files_file on message_files (file_id);

-- What the kept files of a person take, and with user_id 0 those of everybody: a quota is held by the lock of these rows.
create table file_usage (
  user_id integer primary key,
  bytes integer not null,
  files integer not null
) strict;

-- One row, id 1, once somebody changed the usual policy. types is a JSON array.
create table file_policy (
  id integer primary key,
  max_bytes integer not null,
  types text not null,
  person_quota integer not null,
  total_quota integer not null,
  retention_days integer not null,
  unscanned text not null,
  rev integer not null
) strict;
