-- +goose Up
-- Up to which seq retention has been through a room: what people wrote up to there is gone.
alter table rooms add column retired_seq integer not null default 0;

-- Its lock orders who places and ends holds, and who deletes what one could hold back.
insert into counters (name, value) values ('holds', 0);

-- What nothing may be deleted of: a person (with all rooms that he is or was in) or a room. Rows stay when a hold ends.
create table holds (
  id integer primary key autoincrement,
  hold_uuid text not null unique,
  kind text not null,
  subject_id integer not null,
  reason text not null,
  placed_by integer not null references users (id),
  placed_at integer not null,
  ended_by integer references users (id),
  ended_at integer,
  end_reason text not null default ''
) strict;
create index holds_open on holds (ended_at, kind, subject_id);

-- Runs of retention. after_id is how far one has come in its phase: a room's or a file's id. worker is the node that does it.
create table retention_runs (
  id integer primary key autoincrement,
  run_uuid text not null unique,
  state text not null,
  phase text not null,
  after_id integer not null default 0,
  in_window integer not null,
  worker text not null default '',
  requested_by integer references users (id),
  started_at integer not null,
  updated_at integer not null,
  finished_at integer,
  due_messages integer not null default 0,
  due_files integer not null default 0,
  messages integer not null default 0,
  files integer not null default 0,
  bytes integer not null default 0
) strict;
create index retention_runs_state on retention_runs (state, id);
