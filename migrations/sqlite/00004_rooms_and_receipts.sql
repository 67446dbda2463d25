-- +goose Up
alter table room_members add column pinned integer not null default 0;
alter table room_members add column locked integer not null default 0;

alter table rooms add column picture_uuid text;
-- When a message with a seq up to this one was read is not known: read_times began after it.
alter table rooms add column timed_from integer not null default 0;
update rooms set timed_from = last_seq;

create table pictures (
  picture_uuid text primary key,
  room_id integer not null references rooms (id),
  type text not null,
  data blob not null,
  created_at integer not null
) strict;
create index pictures_room on pictures (room_id);

-- When a member's cursor came to a seq. No foreign keys: it is written beside every move of a cursor.
create table read_times (
  room_id integer not null,
  user_id integer not null,
  seq integer not null,
  at integer not null,
  primary key (room_id, user_id, seq)
) strict, without rowid;
create index read_times_at on read_times (at);
