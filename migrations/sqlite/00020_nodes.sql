-- +goose Up
-- What one of several servers does for all. held_until is by the database's clock; token grows with each holder, so that what an
-- earlier one still writes can be told from what the present one does.
create table leases (
  name text not null primary key,
  holder text not null,
  token integer not null,
  held_until integer not null
);

-- The servers on this database. seen_at is by the database's clock; secret_sum tells whether they have the same keys.
create table nodes (
  name text not null primary key,
  version text not null,
  secret_sum text not null,
  started_at integer not null,
  seen_at integer not null
);

-- Wrong tries to sign in, where several servers count them together. try_hash is of who was tried and from where.
create table sign_in_tries (
  try_hash text not null primary key,
  failed integer not null,
  last_at integer not null,
  free_at integer not null
);
create index sign_in_tries_last on sign_in_tries (last_at);
