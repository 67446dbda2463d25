-- +goose Up
-- Up to which seq retention has been through a room: what people wrote up to there is gone.
alter table rooms add column retired_seq bigint not null default 0;

-- Its lock orders who places and ends holds, and who deletes what one could hold back.
insert into counters (name, value) values ('holds', 0);

-- What nothing may be deleted of: a person (with all rooms that he is or was in) or a room. Rows stay when a hold ends.
create table holds (
  id bigint not null auto_increment primary key,
  hold_uuid char(36) character set ascii collate ascii_bin not null unique,
  kind varchar(32) character set ascii collate ascii_bin not null,
  subject_id bigint not null,
  reason varchar(200) not null,
  placed_by bigint not null,
  placed_at bigint not null,
  ended_by bigint,
  ended_at bigint,
  end_reason varchar(200) not null default '',
  foreign key (placed_by) references users (id),
  foreign key (ended_by) references users (id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
create index holds_open on holds (ended_at, kind, subject_id);

-- Runs of retention. after_id is how far one has come in its phase: a room's or a file's id. worker is the node that does it.
create table retention_runs (
  id bigint not null auto_increment primary key,
  run_uuid char(36) character set ascii collate ascii_bin not null unique,
  state varchar(32) character set ascii collate ascii_bin not null,
  phase varchar(32) character set ascii collate ascii_bin not null,
  after_id bigint not null default 0,
  in_window tinyint not null,
  worker varchar(200) not null default '',
  requested_by bigint,
  started_at bigint not null,
  updated_at bigint not null,
  finished_at bigint,
  due_messages bigint not null default 0,
  due_files bigint not null default 0,
  messages bigint not null default 0,
  files bigint not null default 0,
  bytes bigint not null default 0,
  foreign key (requested_by) references users (id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
create index retention_runs_state on retention_runs (state, id);
