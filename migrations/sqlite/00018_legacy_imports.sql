-- +goose Up
-- Moves of an original Hi_Msg into this server. fingerprint is of all that was read of it and of the settings: an import that was
-- broken off goes on only where it would do the same. after_id is how far it has come in its phase. detail is JSON: what came.
create table legacy_imports (
  id integer primary key autoincrement,
  import_uuid text not null unique,
  fingerprint text not null unique,
  state text not null,
  phase text not null,
  after_id integer not null default 0,
  started_at integer not null,
  updated_at integer not null,
  finished_at integer,
  detail text not null
) strict;
