-- +goose Up
-- Which messages of a room its member wants to be notified of while it is not muted: all, mentions or none.
alter table room_members add column notify text not null default 'all';
