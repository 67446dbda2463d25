-- +goose Up
-- For how many hours an approved request lets its asker read.
alter table access_requests add column hours bigint not null default 24;
