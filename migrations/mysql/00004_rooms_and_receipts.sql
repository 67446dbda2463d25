-- +goose Up
alter table room_members add column pinned tinyint not null default 0;
alter table room_members add column locked tinyint not null default 0;

alter table rooms add column picture_uuid char(36) character set ascii collate ascii_bin;
-- When a message with a seq up to this one was read is not known: read_times began after it.
alter table rooms add column timed_from bigint not null default 0;
update rooms set timed_from = last_seq;

create table pictures (
  picture_uuid char(36) character set ascii collate ascii_bin not null primary key,
  room_id bigint not null,
  type varchar(32) character set ascii collate ascii_bin not null,
  data mediumblob not null,
  created_at bigint not null,
  foreign key (room_id) references rooms (id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
create index pictures_room on pictures (room_id);

-- When a member's cursor came to a seq. No foreign keys: it is written beside every move of a cursor.
create table read_times (
  room_id bigint not null,
  user_id bigint not null,
  seq bigint not null,
  at bigint not null,
  primary key (room_id, user_id, seq)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
create index read_times_at on read_times (at);
