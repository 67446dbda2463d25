-- +goose Up
-- Its lock orders all that changes the tree of departments or who belongs where, rooms that follow it included.
insert into counters (name, value) values ('department_tree', 0);
create index departments_parent on departments (parent_id);

alter table users add column picture_uuid text;
create index users_department on users (department_id);

create table user_pictures (
  picture_uuid text primary key,
  user_id integer not null unique references users (id),
  type text not null,
  data blob not null,
  created_at integer not null
) strict;

-- A room that follows a department, and whether the departments below it are in it. read_only: nobody writes any more.
alter table rooms add column department_uuid text;
alter table rooms add column department_whole integer not null default 0;
alter table rooms add column read_only integer not null default 0;
create unique index rooms_department on rooms (department_uuid);

-- A file of people. detail is JSON: what was found when it was read.
create table imports (
  id integer primary key autoincrement,
  import_uuid text not null unique,
  created_by integer,
  created_at integer not null,
  updated_at integer not null,
  state text not null,
  total integer not null default 0,
  done integer not null default 0,
  detail text not null
) strict;

-- Its rows by their number in the file, and what becomes of each. row_data is JSON: the values, and what is wrong with them.
create table import_rows (
  import_id integer not null references imports (id),
  row_no integer not null,
  fate text not null,
  row_data text not null,
  user_uuid text not null default '',
  primary key (import_id, row_no)
) strict, without rowid;
create index import_rows_fate on import_rows (import_id, fate, row_no);
