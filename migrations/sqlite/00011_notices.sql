-- +goose Up
-- How far message_hours has counted, by message_id.
insert into counters (name, value) values ('message_hours', 0);

-- The most people that each node saw at once in five minutes; slot is their number since 1970.
create table online_slots (
  slot integer not null,
  node text not null,
  people integer not null,
  primary key (slot, node)
) strict, without rowid;

-- Files whose bytes are gone take no room.
drop index files_kinds;
create index files_kinds on files (state, gone_at, extension, size);

-- Every change of a notice that its readers must see takes the next one.
insert into counters (name, value) values ('notices_rev', 0);

-- asked_at: reading and confirming count when they came at or after it. rev: its last change, for who edits what he saw before.
create table notices (
  id integer primary key autoincrement,
  notice_uuid text not null unique,
  author_id integer not null references users (id),
  title text not null,
  text text not null,
  everybody integer not null,
  confirm integer not null,
  due_at integer,
  rev integer not null,
  created_at integer not null,
  asked_at integer not null,
  edited_at integer,
  reminded_at integer,
  withdrawn_at integer
) strict;

-- The departments that it is for, with those below them, unless it is for everybody.
create table notice_departments (
  notice_id integer not null references notices (id),
  department_id integer not null references departments (id),
  primary key (notice_id, department_id)
) strict, without rowid;
create index notice_departments_department on notice_departments (department_id);

-- What it said before an edit.
create table notice_edits (
  id integer primary key autoincrement,
  notice_id integer not null references notices (id),
  title text not null,
  text text not null,
  edited_by integer not null,
  edited_at integer not null
) strict;
create index notice_edits_notice on notice_edits (notice_id);

-- Who has read it, and who has confirmed it.
create table notice_marks (
  notice_id integer not null references notices (id),
  user_id integer not null references users (id),
  read_at integer not null,
  confirmed_at integer,
  primary key (notice_id, user_id)
) strict, without rowid;
create index notice_marks_user on notice_marks (user_id, notice_id);
