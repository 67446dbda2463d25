-- +goose Up
-- Accounts that follow the company's own directory: source is ldap or oidc, outside_key what never changes there,
-- outside_digest what was taken over last, outside_shut that the outside, and no administrator here, disabled them.
alter table users add column source text not null default '';
alter table users add column outside_key text;
alter table users add column outside_digest text not null default '';
alter table users add column outside_shut integer not null default 0;
create unique index users_outside on users (source, outside_key);
