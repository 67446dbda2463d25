-- +goose Up
-- How often somebody has read or confirmed a notice: the stamp of his list needs no look at all his marks, of all years.
create table notice_readers (
  user_id integer not null references users (id),
  marks integer not null,
  primary key (user_id)
) strict, without rowid;

-- What was asked long ago waits no longer.
create index notices_asked on notices (asked_at);
