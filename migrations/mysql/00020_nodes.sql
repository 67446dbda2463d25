-- +goose Up
-- What one of several servers does for all. held_until is by the database's clock; token grows with each holder, so that what an
-- earlier one still writes can be told from what the present one does.
create table leases (
  name varchar(64) character set ascii collate ascii_bin not null primary key,
  holder varchar(200) not null,
  token bigint not null,
  held_until bigint not null
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

-- The servers on this database. seen_at is by the database's clock; secret_sum tells whether they have the same keys.
create table nodes (
  name varchar(200) not null primary key,
  version varchar(200) not null,
  secret_sum char(64) character set ascii collate ascii_bin not null,
  started_at bigint not null,
  seen_at bigint not null
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

-- Wrong tries to sign in, where several servers count them together. try_hash is of who was tried and from where.
create table sign_in_tries (
  try_hash char(64) character set ascii collate ascii_bin not null primary key,
  failed bigint not null,
  last_at bigint not null,
  free_at bigint not null
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
create index sign_in_tries_last on sign_in_tries (last_at);
