-- +goose Up
-- Accounts that follow the company's own directory: source is ldap or oidc, outside_key what never changes there,
-- outside_digest what was taken over last, outside_shut that the outside, and no administrator here, disabled them.
alter table users
  add column source varchar(8) character set ascii collate ascii_bin not null default '',
  add column outside_key varchar(200) null,
  add column outside_digest varchar(32) character set ascii collate ascii_bin not null default '',
  add column outside_shut tinyint not null default 0,
  add unique key users_outside (source, outside_key);
