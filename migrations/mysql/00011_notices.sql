-- +goose Up
-- How far message_hours has counted, by message_id.
insert into counters (name, value) values ('message_hours', 0);

-- The most people that each node saw at once in five minutes; slot is their number since 1970.
create table online_slots (
  slot bigint not null,
  node varchar(200) not null,
  people bigint not null,
  primary key (slot, node)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

-- Files whose bytes are gone take no room.
drop index files_kinds on files;
create index files_kinds on files (state, gone_at, extension, size);

-- Every change of a notice that its readers must see takes the next one.
insert into counters (name, value) values ('notices_rev', 0);

-- asked_at: reading and confirming count when they came at or after it. rev: its last change, for who edits what he saw before.
create table notices (
  id bigint not null auto_increment primary key,
  notice_uuid char(36) character set ascii collate ascii_bin not null unique,
  author_id bigint not null,
  title varchar(200) not null,
  text text not null,
  everybody tinyint not null,
  confirm tinyint not null,
  due_at bigint,
  rev bigint not null,
  created_at bigint not null,
  asked_at bigint not null,
  edited_at bigint,
  reminded_at bigint,
  withdrawn_at bigint,
  foreign key (author_id) references users (id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

-- The departments that it is for, with those below them, unless it is for everybody.
create table notice_departments (
  notice_id bigint not null,
  department_id bigint not null,
  primary key (notice_id, department_id),
  foreign key (notice_id) references notices (id),
  foreign key (department_id) references departments (id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
create index notice_departments_department on notice_departments (department_id);

-- What it said before an edit.
create table notice_edits (
  id bigint not null auto_increment primary key,
  notice_id bigint not null,
  title varchar(200) not null,
  text text not null,
  edited_by bigint not null,
  edited_at bigint not null,
  foreign key (notice_id) references notices (id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
create index notice_edits_notice on notice_edits (notice_id);

-- Who has read it, and who has confirmed it.
create table notice_marks (
  notice_id bigint not null,
  user_id bigint not null,
  read_at bigint not null,
  confirmed_at bigint,
  primary key (notice_id, user_id),
  foreign key (notice_id) references notices (id),
  foreign key (user_id) references users (id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
create index notice_marks_user on notice_marks (user_id, notice_id);
