-- +goose Up
-- How often somebody has read or confirmed a notice: the stamp of his list needs no look at all his marks, of all years.
create table notice_readers (
  user_id bigint not null,
  marks bigint not null,
  primary key (user_id),
  foreign key (user_id) references users (id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

-- What was asked long ago waits no longer.
create index notices_asked on notices (asked_at);
