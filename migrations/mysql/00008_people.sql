-- +goose Up
-- Its lock orders all that changes the tree of departments or who belongs where, rooms that follow it included.
insert into counters (name, value) values ('department_tree', 0);
create index departments_parent on departments (parent_id);

alter table users add column picture_uuid char(36) character set ascii collate ascii_bin;
create index users_department on users (department_id);

create table user_pictures (
  picture_uuid char(36) character set ascii collate ascii_bin not null primary key,
  user_id bigint not null unique,
  type varchar(32) character set ascii collate ascii_bin not null,
  data mediumblob not null,
  created_at bigint not null,
  foreign key (user_id) references users (id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

-- A room that follows a department, and whether the departments below it are in it. read_only: nobody writes any more.
alter table rooms add column department_uuid char(36) character set ascii collate ascii_bin;
alter table rooms add column department_whole tinyint not null default 0;
alter table rooms add column read_only tinyint not null default 0;
create unique index rooms_department on rooms (department_uuid);

-- A file of people. detail is JSON: what was found when it was read.
create table imports (
  id bigint not null auto_increment primary key,
  import_uuid char(36) character set ascii collate ascii_bin not null unique,
  created_by bigint,
  created_at bigint not null,
  updated_at bigint not null,
  state varchar(16) character set ascii collate ascii_bin not null,
  total bigint not null default 0,
  done bigint not null default 0,
  detail text not null
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

-- Its rows by their number in the file, and what becomes of each. row_data is JSON: the values, and what is wrong with them.
create table import_rows (
  import_id bigint not null,
  row_no bigint not null,
  fate varchar(16) character set ascii collate ascii_bin not null,
  row_data text not null,
  user_uuid varchar(36) character set ascii collate ascii_bin not null default '',
  primary key (import_id, row_no),
  foreign key (import_id) references imports (id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
create index import_rows_fate on import_rows (import_id, fate, row_no);
